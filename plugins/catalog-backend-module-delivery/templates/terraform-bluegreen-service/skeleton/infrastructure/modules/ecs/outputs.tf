output "service_name" {
  value = aws_ecs_service.this.name
}

output "task_definition_arn" {
  description = "The newest form of a task; scripts/after-apply.sh brings it to the service."
  value       = aws_ecs_task_definition.this.arn
}
