# What the platform provides in each account and what onboarding made for this service: read here, written there.
data "aws_ssm_parameter" "platform" {
  for_each = toset(["vpc-id", "private-subnets", "service-security-group", "load-balancer-name"])
  name     = "/platform/${each.key}"
}

data "aws_iam_role" "this" {
  for_each = toset(["execution", "task"])
  name     = "${local.name}-${each.key}-${var.environment}"
}

data "aws_secretsmanager_secret" "this" {
  for_each = toset(["database-url", "api-keys"])
  name     = "${local.name}/${var.environment}/${each.key}"
}

locals {
  # Names of networks and load balancers are no secrets, although Terraform takes every parameter for one.
  platform = nonsensitive({ for name, parameter in data.aws_ssm_parameter.platform : name => parameter.value })
}
