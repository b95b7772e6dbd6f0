//! One job an instance: lower the workload, run the templates, check and emit each object.
