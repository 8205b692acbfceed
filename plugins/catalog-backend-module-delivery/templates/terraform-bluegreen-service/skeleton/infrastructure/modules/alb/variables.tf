variable "name" {
  description = "Name of the service."
  type        = string
}

variable "vpc_id" {
  description = "Network of the load balancer."
  type        = string
}

variable "subnet_ids" {
  description = "Public subnets, in at least two zones."
  type        = list(string)
}

variable "task_security_group_ids" {
  description = "By short name of the service: security group of its tasks."
  type        = map(string)
}

variable "container_port" {
  description = "Port that the containers listen on."
  type        = number
}

variable "domain" {
  description = "Name that people type, without scheme."
  type        = string
}

variable "zone_name" {
  description = "Hosted zone in Route 53 that the domain belongs to."
  type        = string
}

variable "allowed_cidrs" {
  description = "Who reaches the service."
  type        = list(string)
}

variable "test_cidrs" {
  description = "Who reaches the test listener; the runners of the pipeline must."
  type        = list(string)
}

variable "services" {
  description = "By short name: paths the service answers, and their priority; the lowest comes first."
  type = map(object({
    paths    = list(string)
    priority = number
  }))
}
