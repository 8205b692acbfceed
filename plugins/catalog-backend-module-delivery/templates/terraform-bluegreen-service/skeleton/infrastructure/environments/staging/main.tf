# Everything of this service in one environment, which has an AWS account of its own.

locals {
  environment    = "staging"
  role_prefix    = "arn:aws:iam::${var.account_id}:role/${var.name}"
  container_port = 8080
  routes = {
    backend  = { paths = ["/api/*"], priority = 10 }
    frontend = { paths = ["/*"], priority = 20 }
  }
}

data "aws_ssm_parameter" "traffic_role" {
  name = "/platform/ecs-load-balancer-role"
}

module "network" {
  source     = "../../modules/network"
  name       = var.name
  cidr       = var.cidr
  zone_count = var.zone_count
  single_nat = var.single_nat
}

resource "aws_security_group" "tasks" {
  for_each    = local.routes
  name        = "${var.name}-${each.key}"
  description = "Tasks of the ${each.key}"
  vpc_id      = module.network.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "tasks" {
  for_each                     = aws_security_group.tasks
  security_group_id            = each.value.id
  description                  = "From the load balancer"
  referenced_security_group_id = module.alb.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = local.container_port
  to_port                      = local.container_port
}

# Registry, secrets and logs are reached over HTTPS.
#trivy:ignore:AVD-AWS-0104 Their addresses change; only the port is fixed.
resource "aws_vpc_security_group_egress_rule" "https" {
  for_each          = aws_security_group.tasks
  security_group_id = each.value.id
  description       = "HTTPS"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "database" {
  security_group_id = aws_security_group.tasks["backend"].id
  description       = "Postgres"
  cidr_ipv4         = var.cidr
  ip_protocol       = "tcp"
  from_port         = 5432
  to_port           = 5432
}

module "database" {
  source                   = "../../modules/database"
  name                     = var.name
  vpc_id                   = module.network.vpc_id
  subnet_ids               = module.network.private_subnet_ids
  client_security_group_id = aws_security_group.tasks["backend"].id
  instance_class           = var.database_class
  multi_az                 = var.database_multi_az
  backup_days              = var.database_backup_days
  password_days            = var.database_password_days
}

module "alb" {
  source                  = "../../modules/alb"
  name                    = var.name
  vpc_id                  = module.network.vpc_id
  subnet_ids              = module.network.public_subnet_ids
  task_security_group_ids = { for part, group in aws_security_group.tasks : part => group.id }
  container_port          = local.container_port
  domain                  = var.domain
  zone_name               = var.zone_name
  allowed_cidrs           = var.allowed_cidrs
  test_cidrs              = var.test_cidrs
  services                = local.routes
}

module "backend" {
  source               = "../../modules/ecs"
  name                 = "${var.name}-backend"
  environment_name     = local.environment
  execution_role_arn   = "${local.role_prefix}-execution-${local.environment}"
  task_role_arn        = "${local.role_prefix}-task-${local.environment}"
  traffic_role_arn     = data.aws_ssm_parameter.traffic_role.insecure_value
  cluster              = var.cluster
  subnet_ids           = module.network.private_subnet_ids
  security_group_id    = aws_security_group.tasks["backend"].id
  container_port       = local.container_port
  routing              = module.alb.routing["backend"]
  load_balancer_suffix = module.alb.arn_suffix
  bootstrap_image      = var.bootstrap_image
  desired_count        = var.desired_count
  cpu                  = var.cpu
  memory               = var.memory
  latency_seconds      = var.latency_seconds

  environment = {
    DB_HOST = module.database.host
    DB_PORT = tostring(module.database.port)
    DB_NAME = module.database.name
  }

  secrets = {
    DB_USER     = "${module.database.secret_arn}:username::"
    DB_PASSWORD = "${module.database.secret_arn}:password::"
  }

  readable_secrets = { database = module.database.secret_arn }
}

module "frontend" {
  source               = "../../modules/ecs"
  name                 = "${var.name}-frontend"
  environment_name     = local.environment
  execution_role_arn   = "${local.role_prefix}-execution-${local.environment}"
  task_role_arn        = "${local.role_prefix}-task-${local.environment}"
  traffic_role_arn     = data.aws_ssm_parameter.traffic_role.insecure_value
  cluster              = var.cluster
  subnet_ids           = module.network.private_subnet_ids
  security_group_id    = aws_security_group.tasks["frontend"].id
  container_port       = local.container_port
  routing              = module.alb.routing["frontend"]
  load_balancer_suffix = module.alb.arn_suffix
  bootstrap_image      = var.bootstrap_image
  desired_count        = var.desired_count
  cpu                  = var.cpu
  memory               = var.memory
  latency_seconds      = var.latency_seconds
}
