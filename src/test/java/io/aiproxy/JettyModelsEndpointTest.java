package io.aiproxy;

import io.aiproxy.testing.JettyContainer;
import io.aiproxy.testing.ServletContainer;
import io.aiproxy.testing.Stage;
import java.time.Duration;

class JettyModelsEndpointTest extends ModelsEndpointContract {
  @Override
  ServletContainer open(Stage staged, Duration idle) {
    return JettyContainer.open(staged, idle);
  }
}
