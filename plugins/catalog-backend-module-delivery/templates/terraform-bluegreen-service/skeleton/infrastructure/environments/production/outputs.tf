output "url" {
  value = "https://${var.domain}"
}

output "task_definitions" {
  description = "By short name of the service: the newest form of its tasks, see scripts/after-apply.sh."
  value = {
    backend  = module.backend.task_definition_arn
    frontend = module.frontend.task_definition_arn
  }
}
