output "arn_suffix" {
  value = aws_lb.this.arn_suffix
}

output "security_group_id" {
  value = aws_security_group.this.id
}

output "routing" {
  description = "By short name of the service: what ECS moves during a deployment."
  value = {
    for service, settings in var.services : service => {
      blue_arn            = aws_lb_target_group.this["${service}-blue"].arn
      green_arn           = aws_lb_target_group.this["${service}-green"].arn
      group_suffixes      = [for colour in ["blue", "green"] : aws_lb_target_group.this["${service}-${colour}"].arn_suffix]
      production_rule_arn = aws_lb_listener_rule.production[service].arn
      test_rule_arn       = aws_lb_listener_rule.test[service].arn
    }
  }
}
