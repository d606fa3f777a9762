package io.aiproxy.balance;

import io.aiproxy.config.ActiveCheck;
import io.aiproxy.config.Endpoint;
import io.aiproxy.config.Instance;

/** Where a probe goes: to the instance's own host. */
record Place(ActiveCheck.Type type, String host, int port) {
  static Place of(Instance instance, ActiveCheck check) {
    Endpoint endpoint = instance.endpoint();
    ActiveCheck.Type usual =
        endpoint.scheme().equals("https") ? ActiveCheck.Type.HTTPS : ActiveCheck.Type.HTTP;
    return new Place(
        check.type().orElse(usual), endpoint.host(), check.port().orElse(endpoint.port()));
  }

  String scheme() {
    return type == ActiveCheck.Type.HTTPS ? "https" : "http";
  }
}
