# Both alarms count both target groups: which of them is live changes with every deployment. An alarm that fires already
# when a deployment starts is ignored by ECS for that deployment, so nobody should live with one.

locals {
  suffixes = { for index, suffix in var.routing.group_suffixes : tostring(index) => suffix }
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "${var.name}-5xx"
  alarm_description   = "More than 5 % of the answers of ${var.name} are server errors"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 5
  evaluation_periods  = 3
  datapoints_to_alarm = 2
  treat_missing_data  = "notBreaching"

  metric_query {
    id          = "rate"
    label       = "Server errors in percent"
    expression  = "100 * (FILL(e0, 0) + FILL(e1, 0)) / (FILL(r0, 0) + FILL(r1, 0))"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = local.suffixes

    content {
      id = "e${metric_query.key}"

      metric {
        namespace   = "AWS/ApplicationELB"
        metric_name = "HTTPCode_Target_5XX_Count"
        stat        = "Sum"
        period      = 60
        dimensions  = { LoadBalancer = var.load_balancer_suffix, TargetGroup = metric_query.value }
      }
    }
  }

  dynamic "metric_query" {
    for_each = local.suffixes

    content {
      id = "r${metric_query.key}"

      metric {
        namespace   = "AWS/ApplicationELB"
        metric_name = "RequestCount"
        stat        = "Sum"
        period      = 60
        dimensions  = { LoadBalancer = var.load_balancer_suffix, TargetGroup = metric_query.value }
      }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "latency" {
  alarm_name          = "${var.name}-latency"
  alarm_description   = "The slowest 5 % of the answers of ${var.name} take longer than ${var.latency_seconds} s"
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.latency_seconds
  evaluation_periods  = 5
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"

  metric_query {
    id          = "slowest"
    label       = "95th percentile in seconds"
    expression  = "MAX([FILL(l0, 0), FILL(l1, 0)])"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = local.suffixes

    content {
      id = "l${metric_query.key}"

      metric {
        namespace   = "AWS/ApplicationELB"
        metric_name = "TargetResponseTime"
        stat        = "p95"
        period      = 60
        dimensions  = { LoadBalancer = var.load_balancer_suffix, TargetGroup = metric_query.value }
      }
    }
  }
}
