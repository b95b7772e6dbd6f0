use super::main_container;
use crate::render::bench::{Bench, secret, to_yaml, value};

const DB: &str = "resources: { db: { type: postgres } }\n";

#[test]
fn a_file_is_readable_in_a_config_map_and_mounted_alone() {
    let lowered = main_container(
        "files:\n  /etc/app/app.yaml: { content: \"host: ${resources.db.host}\\n\" }\n  /etc/app/key.bin: { binaryContent: AAECAw==, mode: \"0400\" }\n",
        DB,
    )
    .outputs("db", &[("host", value("db"))])
    .lower();
    insta::assert_snapshot!(lowered.yaml("configMaps"), @r#"
    - apiVersion: v1
      kind: ConfigMap
      metadata:
        name: checkout-main-files
        labels:
          app.kubernetes.io/instance: checkout
          app.kubernetes.io/managed-by: macadam
          app.kubernetes.io/name: checkout
          app.kubernetes.io/part-of: acme
          macadam.dev/environment: dev
          macadam.dev/golden-path: service
          macadam.dev/owner: payments
      data:
        app.yaml: |
          host: db
      binaryData:
        key.bin: AAECAw==
    "#);
    insta::assert_snapshot!(lowered.yaml("volumes"), @r#"
    - name: files-main
      configMap:
        name: checkout-main-files
        items:
        - key: app.yaml
          path: app.yaml
        - key: key.bin
          path: key.bin
          mode: 256
    "#);
    insta::assert_snapshot!(lowered.container("volumeMounts"), @r#"
    - name: files-main
      mountPath: /etc/app/app.yaml
      subPath: app.yaml
      readOnly: true
    - name: files-main
      mountPath: /etc/app/key.bin
      subPath: key.bin
      readOnly: true
    "#);
}

#[test]
fn content_changes_the_pod_and_not_the_name() {
    let with =
        |content: &str| main_container(&format!("files: {{ /a: {{ content: \"{content}\" }} }}"), "").lower();
    let (one, two) = (with("1"), with("2"));
    let name =
        |lowered: &crate::render::bench::Lowered| lowered.blocks.config_maps[0]["metadata"]["name"].clone();
    assert_eq!(name(&one), name(&two));
    assert_eq!(name(&one), "checkout-main-files");
    assert_ne!(one.blocks.pod_annotations, two.blocks.pod_annotations);
    assert_eq!(with("1").blocks.pod_annotations, one.blocks.pod_annotations);
    assert!(main_container("", "").lower().blocks.pod_annotations.is_empty());
}

#[test]
fn equal_base_names_get_keys_of_their_own() {
    let lowered = main_container(
        "files:\n  /a/app.yaml: { content: a }\n  /b/app.yaml: { content: b }\n  \"/b/a b\": { content: c }\n",
        "",
    )
    .lower();
    let data = lowered.blocks.config_maps[0]["data"].as_object().unwrap();
    let keys: Vec<&String> = data.keys().collect();
    assert_eq!(keys.len(), 3, "{keys:?}");
    assert!(
        keys.iter().all(|key| key.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))),
        "{keys:?}"
    );
    let mounts = lowered.blocks.containers[0]["volumeMounts"].as_array().unwrap();
    for mount in mounts {
        let expected = match mount["mountPath"].as_str().unwrap() {
            "/a/app.yaml" => "a",
            "/b/app.yaml" => "b",
            _ => "c",
        };
        assert_eq!(data[mount["subPath"].as_str().unwrap()], expected);
    }
}

#[test]
fn two_containers_with_one_target_have_volumes_of_their_own() {
    let lowered = Bench::new(
        "containers:\n  one: { image: ., files: { /a: { content: x } } }\n  two: { image: ., files: { /a: { content: y } } }\n",
    )
    .lower();
    let names: Vec<_> =
        lowered.blocks.volumes.iter().map(|volume| volume["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["files-one", "files-two"]);
    assert_eq!(lowered.blocks.config_maps.len(), 2);
}

#[test]
fn a_file_that_is_one_reference_comes_from_the_secret() {
    let lowered =
        main_container("files: { /etc/pw: { content: \"${resources.db.password}\", mode: \"0440\" } }", DB)
            .outputs("db", &[("password", secret("password"))])
            .lower();
    assert!(lowered.blocks.config_maps.is_empty() && lowered.blocks.pod_annotations.is_empty());
    insta::assert_snapshot!(lowered.yaml("volumes"), @r#"
    - name: file-password-a99e1e51
      secret:
        secretName: db
        items:
        - key: password
          path: password
          mode: 288
    "#);
    insta::assert_snapshot!(lowered.container("volumeMounts"), @r#"
    - name: file-password-a99e1e51
      mountPath: /etc/pw
      subPath: password
      readOnly: true
    "#);
}

#[test]
fn a_file_that_mixes_text_and_secret_is_refused() {
    let lowered = main_container("files: { /etc/pw: { content: \"pw=${resources.db.password}\" } }", DB)
        .outputs("db", &[("password", secret("password"))])
        .lower();
    insta::assert_snapshot!(lowered.findings, @r#"lower/mixed-file 6:"pw=${resources.db.password}": a file's content mixes text and a reference to a Secret or ConfigMap (make the reference the whole content, without a line break, or put it into a variable)"#);
}

#[test]
fn sources_are_expanded_unless_told_otherwise() {
    let with = |fields: &str| {
        let lowered = main_container(&format!("files: {{ /a.txt: {{ source: a.txt{fields} }} }}"), "")
            .file("a.txt", b"I am ${metadata.name}\n")
            .lower();
        assert_eq!(lowered.findings, "");
        lowered.blocks.config_maps[0]["data"]["a.txt"].as_str().unwrap().to_owned()
    };
    assert_eq!(with(""), "I am checkout\n");
    assert_eq!(with(", noExpand: true"), "I am ${metadata.name}\n");
}

#[test]
fn bytes_that_are_not_text_need_no_expand() {
    let with = |fields: &str| {
        main_container(&format!("files: {{ /a: {{ source: a{fields} }} }}"), "")
            .file("a", b"\xff\x00")
            .lower()
    };
    insta::assert_snapshot!(with("").findings, @"lower/not-text 6:a: file `a` is not UTF-8 text, so its placeholders cannot be found (`noExpand: true` takes its bytes as they are)");
    let lowered = with(", noExpand: true");
    assert_eq!(to_yaml(&lowered.blocks.config_maps[0]["binaryData"]), "a: /wA=\n");
}

#[test]
fn more_than_a_mebibyte_is_refused() {
    let lowered = main_container("files: { /a: { source: a, noExpand: true } }", "")
        .file("a", &vec![b'x'; 1024 * 1024 + 1])
        .lower();
    insta::assert_snapshot!(lowered.findings, @"lower/file-too-large 4:main: the files of container `main` have 1048577 bytes together (a ConfigMap holds 1 MiB: put large files into the image or a volume)");
}

#[test]
fn a_target_that_nothing_can_be_mounted_at_is_told_of() {
    let files = r#"{ "/a/": { content: b }, "/a:b": { content: c }, /a/../b: { content: d }, /..a/b..: { content: e } }"#;
    let volumes = r#"{ "/": { source: vol }, "/a:b": { source: vol }, /a/..: { source: vol }, /ok: { source: vol, path: a/../b }, /..a: { source: vol } }"#;
    let lowered = main_container(
        &format!("files: {files}\nvolumes: {volumes}"),
        "resources: { vol: { type: volume } }\n",
    )
    .lower();
    let told: Vec<_> = lowered.findings.lines().filter_map(|line| line.split(": ").next()).collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
    lower/invalid-volume 7:"/"
    lower/invalid-volume 7:/a/..
    lower/invalid-volume 7:"/a:b"
    lower/invalid-volume 7:/ok
    lower/unsupported 6:"/a/"
    lower/unsupported 6:/a/../b
    lower/unsupported 6:"/a:b"
    lower/invalid-volume 6:"/a:b"
    "#);
}

#[test]
fn a_file_and_a_volume_cannot_share_a_target() {
    let lowered = main_container(
        "files: { /a: { content: x } }\nvolumes: { /a: { source: \"${resources.vol}\" } }",
        "resources: { vol: { type: volume } }\n",
    )
    .lower();
    insta::assert_snapshot!(lowered.findings, @"lower/invalid-volume 6:/a: a file and a volume have one target, `/a`");
}
