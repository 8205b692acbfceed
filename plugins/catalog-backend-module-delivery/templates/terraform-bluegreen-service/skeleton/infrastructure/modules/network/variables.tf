variable "name" {
  description = "Name of what lives in this network."
  type        = string
}

variable "cidr" {
  description = "Addresses of the network, a /16 for 2 to 4 zones."
  type        = string
}

variable "zone_count" {
  description = "Availability zones to spread over."
  type        = number

  validation {
    condition     = var.zone_count >= 2 && var.zone_count <= 4
    error_message = "A load balancer needs at least 2 zones; the addresses are cut for 4 at most."
  }
}

variable "single_nat" {
  description = "One NAT gateway for all zones instead of one for each."
  type        = bool
}
