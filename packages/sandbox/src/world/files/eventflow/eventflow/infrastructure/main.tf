terraform {
  required_version = "~> 1.9"
}

module "service" {
  source      = "./modules/ecs"
  environment = var.environment
}

variable "environment" {
  type = string
}
