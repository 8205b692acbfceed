# One load balancer with two listeners: 443 for everybody, 8443 for what is not released yet. Each service has two target
# groups; ECS moves the rules between them during a deployment.

locals {
  groups = merge([
    for service, settings in var.services : {
      for colour in ["blue", "green"] : "${service}-${colour}" => { service = service, colour = colour }
    }
  ]...)
}

resource "aws_security_group" "this" {
  name        = "${var.name}-alb"
  description = "Load balancer of ${var.name}"
  vpc_id      = var.vpc_id
}

#trivy:ignore:AVD-AWS-0107 The service is meant to be reached from the internet; allowed_cidrs narrows it.
resource "aws_vpc_security_group_ingress_rule" "https" {
  for_each          = toset(var.allowed_cidrs)
  security_group_id = aws_security_group.this.id
  description       = "HTTPS"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

#trivy:ignore:AVD-AWS-0107 The runners of the pipeline have no addresses of their own; it shows what is about to be public.
resource "aws_vpc_security_group_ingress_rule" "test" {
  for_each          = toset(var.test_cidrs)
  security_group_id = aws_security_group.this.id
  description       = "Test listener"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 8443
  to_port           = 8443
}

resource "aws_vpc_security_group_egress_rule" "tasks" {
  for_each                     = var.task_security_group_ids
  security_group_id            = aws_security_group.this.id
  description                  = "To the tasks of the ${each.key}"
  referenced_security_group_id = each.value
  ip_protocol                  = "tcp"
  from_port                    = var.container_port
  to_port                      = var.container_port
}

#trivy:ignore:AVD-AWS-0053 The service is meant to be reached from the internet; allowed_cidrs narrows it.
resource "aws_lb" "this" {
  # AWS takes 32 characters, none of them a hyphen at the end.
  name                       = trimsuffix(substr(var.name, 0, 32), "-")
  internal                   = false
  load_balancer_type         = "application"
  security_groups            = [aws_security_group.this.id]
  subnets                    = var.subnet_ids
  drop_invalid_header_fields = true
  enable_deletion_protection = true
}

resource "aws_lb_target_group" "this" {
  for_each             = local.groups
  name_prefix          = "${substr(each.value.service, 0, 3)}-${substr(each.value.colour, 0, 1)}-"
  vpc_id               = var.vpc_id
  target_type          = "ip"
  protocol             = "HTTP"
  port                 = var.container_port
  deregistration_delay = 30
  tags                 = { Name = "${var.name}-${each.key}" }

  health_check {
    path                = "/health"
    matcher             = "200"
    interval            = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_lb_listener" "this" {
  for_each          = { production = 443, test = 8443 }
  load_balancer_arn = aws_lb.this.arn
  protocol          = "HTTPS"
  port              = each.value
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"
  certificate_arn   = aws_acm_certificate_validation.this.certificate_arn

  default_action {
    type = "fixed-response"

    fixed_response {
      content_type = "text/plain"
      status_code  = "404"
      message_body = "not found"
    }
  }
}

resource "aws_lb_listener_rule" "production" {
  for_each     = var.services
  listener_arn = aws_lb_listener.this["production"].arn
  priority     = each.value.priority

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.this["${each.key}-blue"].arn
  }

  condition {
    path_pattern {
      values = each.value.paths
    }
  }

  lifecycle {
    # ECS owns the weights: putting them back would move traffic to tasks that are gone.
    ignore_changes = [action]
  }
}

resource "aws_lb_listener_rule" "test" {
  for_each     = var.services
  listener_arn = aws_lb_listener.this["test"].arn
  priority     = each.value.priority

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.this["${each.key}-blue"].arn
  }

  condition {
    path_pattern {
      values = each.value.paths
    }
  }

  lifecycle {
    ignore_changes = [action]
  }
}
