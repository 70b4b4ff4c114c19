"""`python -m chatpop_aws.healthcheck`: the container's own health check; the image has no curl."""

import http
import http.client
import sys

PORT = 9000


def main() -> int:
    """Exit code 0 if Daphne answers /healthz."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=4)
    try:
        connection.request("GET", "/healthz")
        status = connection.getresponse().status
    except OSError as error:
        print(f"127.0.0.1:{PORT} does not answer: {error}")
        return 1
    finally:
        connection.close()
    print(f"/healthz answered {status}")
    return 0 if status == http.HTTPStatus.OK else 1


if __name__ == "__main__":
    sys.exit(main())
