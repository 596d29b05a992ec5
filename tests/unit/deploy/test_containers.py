"""The files for Docker and Kubernetes against the code: names, versions, ports, settings, rights."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy import setup
from deploy.local import kafka, s3
from deploy.local.places import PORTS_FILE
from deploy.local.stack import CHAIN_SERVICES, SERVICES
from shared.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
MANIFESTS: dict[str, list[dict[str, Any]]] = {
    path.name: [part for part in yaml.safe_load_all(path.read_text(encoding="utf-8")) if part]
    for path in sorted((DEPLOY / "kubernetes").glob("*.yaml"))
}
SETS = {part["metadata"]["name"]: part for part in MANIFESTS["services.yaml"] if part["kind"] == "StatefulSet"}
OURS = re.compile(r"juesuan-[a-z]+(:[0-9.]+)?")
PORTS = tomllib.loads(PORTS_FILE.read_text(encoding="utf-8"))
SERVERS = {"kafka", "postgres", "s3"}
STEPS = {"topics", "setup"}


def settings_in_code() -> set[str]:
    """Every variable that the code reads, those of `Settings` by their field names."""
    found: set[str] = set()
    for folder in ("shared", "services", "deploy"):
        for path in (ROOT / folder).rglob("*.py"):
            found |= set(re.findall(r"\bJUESUAN_[A-Z0-9_]+\b", path.read_text(encoding="utf-8")))
    return found | {f"JUESUAN_{name.upper()}" for name in Settings.__dataclass_fields__}


def pod(part: dict[str, Any]) -> dict[str, Any]:
    spec: dict[str, Any] = part["spec"]["template"]["spec"]
    return spec


def test_compose_has_every_service_and_nothing_unknown() -> None:
    assert set(COMPOSE["services"]) == {*SERVICES, *SERVERS, *STEPS}


def test_images_are_pinned_to_the_versions_of_the_local_servers() -> None:
    images = {name: COMPOSE["services"][name]["image"] for name in SERVERS}
    assert images["kafka"] == f"apache/kafka:{kafka.VERSION}"
    assert images["s3"] == f"versity/versitygw:{s3.VERSION}"
    assert re.fullmatch(r"postgres:18\.\d+", images["postgres"])
    assert re.search(r"^ARG PYTHON=3\.1[123]\.\d+-slim", DOCKERFILE, re.MULTILINE)


@pytest.mark.parametrize("name", SERVICES)
def test_compose_builds_one_image_per_service(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["build"]["args"] == {"SERVICE": name}
    assert (DEPLOY / service["build"]["context"]).resolve() == ROOT
    assert (ROOT / service["build"]["dockerfile"]).is_file()
    assert (ROOT / "services" / name / "__main__.py").is_file()
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]


def test_every_image_of_ours_is_built_once() -> None:
    """Builds run side by side, and one of two that make the same image fails."""
    ours = {name: service for name, service in COMPOSE["services"].items() if name not in SERVERS}
    built = [service["image"] for service in ours.values() if "build" in service]
    assert sorted(built) == sorted({service["image"] for service in ours.values()})
    assert all(ours[name]["pull_policy"] == "never" for name in STEPS)


@pytest.mark.parametrize("name", SERVICES)
def test_ports_agree_with_the_local_ones(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["ports"] == [f"127.0.0.1:{PORTS['services'][name]}:{service['environment']['JUESUAN_PORT']}"]


def test_servers_answer_where_the_local_ones_do() -> None:
    assert COMPOSE["services"]["kafka"]["ports"] == [f"127.0.0.1:{PORTS['servers']['kafka']}:19092"]
    assert COMPOSE["services"]["s3"]["ports"] == [f"127.0.0.1:{PORTS['servers']['s3']}:7070"]


def test_servers_start_as_their_images_do() -> None:
    """What an image starts, and where in it that is, is the image's own affair: only arguments stand here."""
    assert not [name for name, service in COMPOSE["services"].items() if "entrypoint" in service]
    command = COMPOSE["services"]["s3"]["command"]
    assert command == ["--keep-alive", "--port", ":7070", "posix", "/data"]
    assert COMPOSE["services"]["s3"]["volumes"] == [f"s3:{command[-1]}"]
    # since version 18 the data lie one folder below, and a volume at /var/lib/postgresql/data is refused
    assert COMPOSE["services"]["postgres"]["volumes"] == ["postgres:/var/lib/postgresql"]
    kafka_volumes = COMPOSE["services"]["kafka"]["volumes"]
    assert kafka_volumes == [f"kafka:{COMPOSE['services']['kafka']['environment']['KAFKA_LOG_DIRS']}"]


def test_a_server_is_well_when_it_answers_by_its_port() -> None:
    tests = {name: " ".join(COMPOSE["services"][name]["healthcheck"]["test"]) for name in SERVERS}
    # on the Unix socket the server answers too that the first start of the image sets up and stops again
    assert "--host 127.0.0.1" in tests["postgres"]
    assert tests["s3"].endswith(f"127.0.0.1:7070{COMPOSE['services']['s3']['environment']['VGW_HEALTH']}")
    assert tests["kafka"].endswith("localhost:9092")
    waited = [
        (server, how["condition"])
        for service in COMPOSE["services"].values()
        for server, how in service.get("depends_on", {}).items()
        if server in SERVERS
    ]
    assert {server for server, _ in waited} == SERVERS
    assert {condition for _, condition in waited} == {"service_healthy"}


def test_an_extractor_has_memory_for_its_workers_at_their_limit() -> None:
    (container,) = pod(SETS["extractor"])["containers"]
    told = {item["name"]: int(item["value"]) for item in container["env"] if "value" in item}
    limit = re.fullmatch(r"([0-9]+)Gi", container["resources"]["limits"]["memory"])
    assert limit
    # and half a gigabyte for the process that hands out the work
    assert int(limit[1]) * 1024 >= told["JUESUAN_JOBS"] * told["JUESUAN_WORKER_MEGABYTES"] + 512


def test_every_setting_is_one_that_the_code_reads() -> None:
    known = settings_in_code()
    used = {name for service in COMPOSE["services"].values() for name in service.get("environment", {})}
    for part in (*MANIFESTS["settings.yaml"], *MANIFESTS["secret.example.yaml"]):
        used |= set(part.get("data", {})) | set(part.get("stringData", {}))
    for part in SETS.values():
        used |= {item["name"] for container in pod(part)["containers"] for item in container["env"]}
    ours = {name for name in used if name.startswith("JUESUAN_")}
    assert {"JUESUAN_KAFKA", "JUESUAN_STORE", "JUESUAN_DATABASE", "JUESUAN_INSTANCE"} <= ours
    assert ours <= known


def test_the_image_runs_as_nobody_special() -> None:
    assert re.findall(r"^USER (.+)$", DOCKERFILE, re.MULTILINE) == ["10001:10001"]
    assert DOCKERFILE.rindex("\nUSER ") > DOCKERFILE.rindex("\nCOPY ")


def test_the_extractor_has_the_libraries_that_its_wheels_leave_to_the_system() -> None:
    """LibreOffice for .doc, .rtf and .odt; libexpat for the libarchive of archi, which a slim image lacks."""
    (installed,) = re.findall(r"apt-get install -y --no-install-recommends ([^&;\\]+)", DOCKERFILE)
    assert {"libreoffice-writer-nogui", "libexpat1"} <= set(installed.split())


def test_every_service_has_an_extra_for_its_image() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert set(SERVICES) <= set(extras)


@pytest.mark.parametrize("name", SERVICES)
def test_each_set_has_probes_resources_and_no_rights(name: str) -> None:
    spec = pod(SETS[name])
    (container,) = spec["containers"]
    assert spec["securityContext"]["runAsNonRoot"]
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert container["livenessProbe"]["httpGet"]["path"] == "/livez"
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert set(container["resources"]) == {"requests", "limits"}
    assert container["image"].startswith(f"juesuan-{name}:")
    port = MANIFESTS["settings.yaml"][0]["data"]["JUESUAN_PORT"]
    assert container["ports"] == [{"name": "health", "containerPort": int(port)}]


def test_a_pod_keeps_its_name_as_its_identity() -> None:
    assert set(SETS) == set(SERVICES)
    for part in SETS.values():
        names = {item["name"]: item for item in pod(part)["containers"][0]["env"]}
        assert names["JUESUAN_INSTANCE"]["valueFrom"] == {"fieldRef": {"fieldPath": "metadata.name"}}


def test_a_set_that_is_scaled_has_no_number_of_its_own() -> None:
    (scaler,) = MANIFESTS["scaling.yaml"]
    scaled = scaler["spec"]["scaleTargetRef"]["name"]
    assert {name for name, part in SETS.items() if "replicas" not in part["spec"]} == {scaled}
    assert scaler["spec"]["maxReplicas"] <= int(MANIFESTS["settings.yaml"][0]["data"]["JUESUAN_PARTITIONS"])


def test_kustomization_lists_every_manifest_but_the_example() -> None:
    (kustomization,) = MANIFESTS["kustomization.yaml"]
    assert set(kustomization["resources"]) == set(MANIFESTS) - {"kustomization.yaml", "secret.example.yaml"}


def test_our_images_carry_the_version_of_the_project() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    jobs = [part for part in MANIFESTS["setup.yaml"] if part["kind"] == "Job"]
    images = [container["image"] for part in (*SETS.values(), *jobs) for container in pod(part)["containers"]]
    assert all(OURS.fullmatch(image) and image.endswith(f":{version}") for image in images)


def test_setup_knows_its_steps() -> None:
    for name in STEPS:
        command = COMPOSE["services"][name]["command"]
        assert command[:3] == ["python", "-m", "deploy.setup"]
        assert set(command[3:]) <= set(setup.STEPS)
    done = subprocess.run(
        [sys.executable, "-m", "deploy.setup", "nonsense"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "no such step: nonsense" in done.stderr


def test_the_image_has_what_it_starts() -> None:
    kept = set((ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines())
    sources = {
        name for line in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE) for name in line.split()
    }
    assert {f"!{name}" for name in sources} == {line for line in kept if line.startswith("!")}
    assert all((ROOT / name).exists() for name in sources)
    assert set(CHAIN_SERVICES) < set(SERVICES)
