package io.aiproxy;

import io.aiproxy.testing.JettyContainer;
import io.aiproxy.testing.ServletContainer;
import io.aiproxy.testing.Stage;
import java.time.Duration;

/** Where streams go on without the thread of their request. */
class JettyAsyncGatewayTest extends GatewayContract {
  @Override
  ServletContainer open(Stage staged, Duration idle) {
    return JettyContainer.open(staged, idle);
  }

  @Override
  AiProxyFilter before(Gateway behind) {
    return new AiProxyFilter(behind, true);
  }
}
