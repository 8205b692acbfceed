variable "name" {
  description = "Name of the service that the database belongs to."
  type        = string
}

variable "vpc_id" {
  description = "Network of the database."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets, in at least two zones."
  type        = list(string)
}

variable "client_security_group_id" {
  description = "Security group of the tasks that may connect."
  type        = string
}

variable "instance_class" {
  description = "Size of the database."
  type        = string
}

variable "multi_az" {
  description = "Whether a standby waits in another zone."
  type        = bool
}

variable "backup_days" {
  description = "Days that a state of the database can be restored for."
  type        = number
}

variable "password_days" {
  description = "Days after which RDS changes the password; tasks that it locks out end and start again with the new one."
  type        = number
}
