package io.aiproxy.translate;

import io.aiproxy.neutral.Request;
import io.aiproxy.neutral.Response;

/** Of conversations: tools go by names that all providers take. */
final class ChatTerms implements Terms<Request, Response> {
  @Override
  public Request outward(Request asked) {
    return ToolNames.of(asked).portable(asked);
  }

  @Override
  public Response inward(Response answer, Request asked, Birth birth) {
    return birth.given(ToolNames.of(asked).restored(answer));
  }

  @Override
  public Request answered(Request asked, String model) {
    return model.isEmpty() ? asked : asked.of(model);
  }
}
