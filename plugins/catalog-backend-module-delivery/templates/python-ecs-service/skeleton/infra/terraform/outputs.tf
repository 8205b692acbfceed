output "task_definition" {
  description = "The revision with these settings, for the input task-definition of the workflow Roll back"
  value       = "${aws_ecs_task_definition.settings.family}:${aws_ecs_task_definition.settings.revision}"
}
