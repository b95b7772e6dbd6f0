//! Requests within limits, compared exactly.

use crate::{
    model::{Code, Finding, Spanned, Workload},
    parse::quantity,
};

/// Tells of every request that is above its limit.
pub(super) fn check(workload: &Workload, findings: &mut Vec<Finding>) {
    for (name, container) in &workload.containers {
        let (requests, limits) = (&container.requests, &container.limits);
        compare(name, "memory", &requests.memory, &limits.memory, findings);
        compare(name, "cpu", &requests.cpu, &limits.cpu, findings);
    }
}

fn compare(
    container: &str,
    what: &str,
    request: &Option<Spanned<String>>,
    limit: &Option<Spanned<String>>,
    findings: &mut Vec<Finding>,
) {
    let (Some(request), Some(limit)) = (request, limit) else { return };
    let (Some(asked), Some(allowed)) = (quantity::nanos(&request.value), quantity::nanos(&limit.value))
    else {
        return;
    };
    if asked > allowed {
        findings.push(
            Finding::new(
                Code::RequestAboveLimit,
                format!("container `{container}` asks for more {what} than its limit"),
            )
            .at(request.span, "")
            .also(limit.span, "the limit"),
        );
    }
}
