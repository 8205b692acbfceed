variable "environment" {
  description = "Name of the environment, one of local.places"
  type        = string
}

variable "target_group_arn" {
  description = "Target group that onboarding made for the service (resource Targets of its stack)"
  type        = string
}

variable "alarm_topic_arns" {
  description = "SNS topics that hear of alarms"
  type        = list(string)
  default     = []
}

variable "cpu" {
  description = "CPU units of a task: 256 is a quarter of a virtual CPU"
  type        = number
  default     = 256
}

variable "memory" {
  description = "Memory of a task in MiB"
  type        = number
  default     = 512
}

variable "tasks" {
  description = "How many tasks run"
  type        = number
  default     = 2

  validation {
    condition     = var.tasks >= 2
    error_message = "One task alone is gone whenever its availability zone is: run two at least."
  }
}

variable "latency_seconds" {
  description = "Slower than this for 5 of 100 requests means that something is wrong"
  type        = number
  default     = 1
}
