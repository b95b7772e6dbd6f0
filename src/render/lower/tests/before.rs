use crate::render::bench::{Bench, to_yaml};

const PROBE: &str = "{ httpGet: { port: 80, path: /ok } }";

#[test]
fn what_others_wait_for_starts_first_in_topological_order() {
    let lowered = Bench::new(&format!(
        "containers:
  app: {{ image: . }}
  migrate: {{ image: ., before: {{ app: {{ ready: complete }} }} }}
  proxy: {{ image: ., readinessProbe: {PROBE}, before: {{ migrate: {{ ready: healthy }} }} }}
  agent: {{ image: ., before: {{ proxy: {{ ready: started }} }} }}
"
    ))
    .lower();
    assert_eq!(lowered.findings, "");
    let names = |list: &[serde_json::Value]| -> Vec<String> {
        list.iter().map(|c| c["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&lowered.blocks.init_containers), ["agent", "proxy", "migrate"]);
    assert_eq!(names(&lowered.blocks.containers), ["app"]);
    let [agent, proxy, migrate] = lowered.blocks.init_containers.as_slice() else { panic!() };
    assert_eq!(agent["restartPolicy"], "Always");
    assert_eq!(proxy["restartPolicy"], "Always");
    assert!(migrate.get("restartPolicy").is_none() && agent.get("startupProbe").is_none());
    insta::assert_snapshot!(to_yaml(&proxy["startupProbe"]), @r#"
    httpGet:
      path: /ok
      port: 80
    periodSeconds: 2
    timeoutSeconds: 3
    failureThreshold: 150
    "#);
}

#[test]
fn what_cannot_be_waited_for_is_told_of() {
    let findings = |fields: &str, ready: &str| {
        Bench::new(&format!(
            "containers:\n  app: {{ image: . }}\n  first: {{ image: ., {fields}before: {{ app: {{ ready: {ready} }} }} }}\n"
        ))
        .environment("1.34", "1.28")
        .lower()
        .findings
    };
    insta::assert_snapshot!(findings(&format!("livenessProbe: {PROBE}, "), "complete"), @"lower/unsupported 5:livenessProbe: container `first` runs to its end before others, so it cannot have probes");
    insta::assert_snapshot!(findings("", "healthy"), @r#"
    lower/unsupported 5:first: container `first` goes on beside others that wait for it (this needs Kubernetes 1.29; the environment's `kubernetesVersion` is older)
    lower/unsupported 5:app: nothing says when container `first` is healthy (give it a `readinessProbe`, or wait for `started`)
    "#);
    insta::assert_snapshot!(findings("", "started"), @"lower/unsupported 5:first: container `first` goes on beside others that wait for it (this needs Kubernetes 1.29; the environment's `kubernetesVersion` is older)");
    assert_eq!(findings("", "complete"), "");
}
