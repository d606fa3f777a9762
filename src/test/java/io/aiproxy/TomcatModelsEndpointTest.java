package io.aiproxy;

import io.aiproxy.testing.ServletContainer;
import io.aiproxy.testing.Stage;
import io.aiproxy.testing.TomcatContainer;
import java.time.Duration;

class TomcatModelsEndpointTest extends ModelsEndpointContract {
  @Override
  ServletContainer open(Stage staged, Duration idle) {
    return TomcatContainer.open(staged, idle);
  }
}
