variable "name" {
  description = "Name of the service; its container and its component in the catalog are called so too."
  type        = string
}

variable "environment_name" {
  description = "Environment of the portal that this is."
  type        = string
}

variable "execution_role_arn" {
  description = "What ECS does for the tasks: pull the image, read secrets, write the log. Made by the platform."
  type        = string
}

variable "task_role_arn" {
  description = "What the tasks may do themselves. Made by the platform."
  type        = string
}

variable "traffic_role_arn" {
  description = "What ECS takes to move traffic between target groups. Made by the platform."
  type        = string
}

variable "cluster" {
  description = "Name of the platform's cluster."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets of the tasks."
  type        = list(string)
}

variable "security_group_id" {
  description = "Security group of the tasks."
  type        = string
}

variable "container_port" {
  description = "Port that the container listens on."
  type        = number
}

variable "routing" {
  description = "Target groups and listener rules from the module alb."
  type = object({
    blue_arn            = string
    green_arn           = string
    group_suffixes      = list(string)
    production_rule_arn = string
    test_rule_arn       = string
  })
}

variable "load_balancer_suffix" {
  description = "ARN suffix of the load balancer, for metrics."
  type        = string
}

variable "bootstrap_image" {
  description = "Image of the first revision, by digest; every later one comes from the pipeline."
  type        = string
}

variable "desired_count" {
  description = "Tasks that run; twice as many during a deployment."
  type        = number
}

variable "cpu" {
  description = "CPU units of a task, 1024 to the core."
  type        = number
}

variable "memory" {
  description = "Memory of a task in MiB."
  type        = number
}

variable "latency_seconds" {
  description = "95th percentile of the answer time above which the alarm fires."
  type        = number
}

variable "environment" {
  description = "Variables of the container that are no secrets."
  type        = map(string)
  default     = {}
}

variable "secrets" {
  description = "Variables of the container by the ARN of the secret, with `:key::` for one value of it."
  type        = map(string)
  default     = {}
}

variable "readable_secrets" {
  description = "ARNs of secrets outside the platform's naming that tasks may start with, by a short name."
  type        = map(string)
  default     = {}
}
