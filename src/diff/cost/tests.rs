use macadam_yaml::{FileId, Span};
use serde_json::json;

use super::*;
use crate::model::{InstanceWord, Spanned};

/// 1 a core and hour, 0.1 a GiB and hour, 0.01 a GiB and month.
fn prices() -> Prices {
    let price = |billionths| Some(Spanned::new(billionths, Span::new(FileId(0), 0, 0)));
    Prices {
        span: Span::new(FileId(0), 0, 0),
        currency: "EUR".to_owned(),
        cpu_hour: price(1_000_000_000),
        memory_gib_hour: price(100_000_000),
        storage_gib_month: price(10_000_000),
    }
}

fn instance(environment: &str, owner: Option<&str>) -> InstanceName {
    InstanceName {
        folder: format!("kubernetes/{environment}/eu-1/workloads/shop").into(),
        environment: environment.to_owned(),
        cluster: "eu-1".to_owned(),
        kind: InstanceWord::Workload,
        name: "shop".to_owned(),
        owner: owner.map(str::to_owned),
    }
}

fn deployment(replicas: Option<u64>, cpu: &str, memory: &str) -> serde_json::Value {
    let mut object = json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "shop"},
        "spec": {"template": {"spec": {"containers": [
            {"name": "main", "resources": {"requests": {"cpu": cpu, "memory": memory}}},
        ]}}},
    });
    if let Some(replicas) = replicas {
        object["spec"]["replicas"] = json!(replicas);
    }
    object
}

fn needs(objects: &[serde_json::Value]) -> (Need, Need, Need, Vec<String>) {
    let demand = demand(&objects.iter().collect::<Vec<_>>());
    (demand.cpu, demand.memory, demand.storage, demand.unknown.into_iter().collect())
}

fn fixed(amount: u128) -> Need {
    Need { low: amount, high: amount }
}

#[test]
fn replicas_multiply_what_a_pod_asks_for() {
    let (cpu, memory, storage, unknown) = needs(&[deployment(Some(3), "250m", "1Gi")]);
    assert_eq!((cpu, memory, storage), (fixed(750), fixed(3 << 30), fixed(0)));
    assert_eq!(unknown, Vec::<String>::new());
    assert_eq!(needs(&[deployment(None, "1", "1Gi")]).0, fixed(1000), "one without a number");
    assert_eq!(needs(&[deployment(Some(0), "1", "1Gi")]).0, fixed(0));
}

#[test]
fn an_autoscaler_makes_a_range() {
    let scaler = |kind: &str| {
        json!({
            "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "x"},
            "spec": {"scaleTargetRef": {"kind": kind, "name": "shop"}, "minReplicas": 2, "maxReplicas": 5},
        })
    };
    let shop = || deployment(None, "100m", "1");
    assert_eq!(needs(&[shop(), scaler("Deployment")]).0, Need { low: 200, high: 500 });
    assert_eq!(needs(&[shop(), scaler("StatefulSet")]).0, fixed(100), "of something else");
    let keda = json!({
        "apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObject",
        "spec": {"scaleTargetRef": {"name": "shop"}, "maxReplicaCount": 3},
    });
    assert_eq!(needs(&[shop(), keda]).0, Need { low: 0, high: 300 });
}

/// Kubernetes documentation, "Sidecar Containers".
#[test]
fn init_containers_and_sidecars_count_as_the_scheduler_counts() {
    let asks = |cpu: &str| json!({"requests": {"cpu": cpu, "memory": "1"}});
    let pod = json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "one"},
        "spec": {
            "overhead": {"cpu": "5m"},
            "initContainers": [
                {"name": "a", "resources": asks("300m")},
                {"name": "b", "restartPolicy": "Always", "resources": asks("50m")},
                {"name": "c", "resources": asks("400m")},
            ],
            "containers": [{"name": "d", "resources": asks("100m")}, {"name": "e", "resources": {"limits": {"cpu": 0.2, "memory": 1}}}],
        },
    });
    assert_eq!(needs(&[pod]).0, fixed(455), "400m beside the 50m of the sidecar, and 5m of overhead");
}

#[test]
fn storage_is_that_of_claims_and_of_claim_templates() {
    let claim = |name: &str, size: &str| {
        json!({
            "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": name},
            "spec": {"resources": {"requests": {"storage": size}}},
        })
    };
    let mut set = deployment(Some(3), "1", "1");
    set["kind"] = json!("StatefulSet");
    set["spec"]["volumeClaimTemplates"] = json!([claim("disk", "10Gi"), claim("odd", "much")]);
    let (_, _, storage, unknown) = needs(&[set, claim("own", "1Gi")]);
    assert_eq!(storage, fixed(31 << 30));
    assert_eq!(unknown, ["the claim `odd` of `StatefulSet/shop` does not say how much storage it needs"]);
}

#[test]
fn what_cannot_be_counted_is_told() {
    let mut bare = deployment(Some(1), "1", "1");
    bare["spec"]["template"]["spec"]["containers"] = json!([{"name": "main"}]);
    let object =
        |version: &str, kind: &str| json!({"apiVersion": version, "kind": kind, "metadata": {"name": "x"}});
    let (_, _, _, unknown) =
        needs(&[bare, object("apps/v1", "DaemonSet"), object("batch/v1", "CronJob"), json!(null)]);
    assert_eq!(
        unknown,
        [
            "`CronJob/x` runs for a time that is not known",
            "`DaemonSet/x` runs on every node, and how many there are is not known",
            "`main` of `Deployment/shop` has no request for cpu",
            "`main` of `Deployment/shop` has no request for memory",
        ]
    );
}

#[test]
fn lines_are_sums_by_environment_and_owner_where_they_differ() {
    let of = |replicas, cpu: &str| demand(&[&deployment(Some(replicas), cpu, "1Gi")]);
    let (dev, shop, pay) =
        (instance("dev", None), instance("production", Some("shop")), instance("production", Some("pay")));
    let changed = [
        (&shop, of(1, "1"), of(2, "1")),
        (&shop, Demand::default(), of(1, "500m")),
        (&pay, of(1, "1"), Demand::default()),
        (&dev, of(1, "1"), of(1, "1")),
    ];
    let cost = cost(&prices(), changed.into_iter());
    let lines: Vec<_> =
        cost.lines.iter().map(|line| (line.owner.as_deref(), line.before.low, line.after.high)).collect();
    // A core is 730, a GiB of memory 73.
    assert_eq!(lines, [(Some("pay"), 803_000, 0), (Some("shop"), 803_000, 2_044_000)]);
    assert_eq!((cost.currency.as_str(), cost.unknown), ("EUR", Vec::new()));
}

#[test]
fn a_price_that_is_missing_is_told_and_not_zero() {
    let half = Prices { memory_gib_hour: None, storage_gib_month: None, ..prices() };
    let shop = instance("dev", None);
    let changed = [(&shop, Demand::default(), demand(&[&deployment(Some(1), "1", "1Gi")]))];
    let cost = cost(&half, changed.into_iter());
    assert_eq!(cost.unknown, ["there is no price `memoryGiBHour`"]);
    assert_eq!(cost.lines[0].after, Range { low: 730_000, high: 730_000 });
}

#[test]
fn numbers_too_large_to_count_end_in_the_largest() {
    let shop = instance("dev", None);
    let huge = demand(&[&deployment(Some(u64::MAX), "9000000000000000", "7Ei")]);
    let cost = cost(&prices(), [(&shop, Demand::default(), huge)].into_iter());
    assert_eq!(cost.lines[0].after, Range { low: i64::MAX, high: i64::MAX });
}
