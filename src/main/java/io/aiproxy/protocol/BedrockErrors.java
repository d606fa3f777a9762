package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.call.Failure;
import io.aiproxy.json.JsonValue;
import io.aiproxy.json.Mappers;
import io.aiproxy.json.WellFormed;
import io.aiproxy.wire.AwsFrame;
import java.util.Locale;

/**
 * Errors in Amazon's shape: a message, and a type which the service sends as a header field and SDKs find in {@code __type} as
 * well (AWS restJson1 protocol).
 */
final class BedrockErrors {
  private static final JsonMapper JSON = Mappers.mapper().build();

  private BedrockErrors() {}

  static Failure read(int status, JsonValue body) {
    String message = Members.string(body, "message");
    String type = Members.string(body, "__type");
    return new Failure(
        status,
        type.substring(type.indexOf('#') + 1),
        "",
        message.isEmpty() ? Members.string(body, "Message") : message,
        "");
  }

  static byte[] body(Failure failure) {
    return bytes(message(failure).put("__type", type(failure.status())));
  }

  /** As the frame that ends a stream, of one of the five types that a stream may end with. */
  static byte[] frame(Failure failure) {
    String name = switch (failure.status()) {
      case 424 -> "modelStreamErrorException";
      case 429 -> "throttlingException";
      case 503 -> "serviceUnavailableException";
      default -> failure.status() < 500 ? "validationException" : "internalServerException";
    };
    return AwsFrame.of(AwsFrame.EXCEPTION, name, bytes(message(failure))).array();
  }

  /** What an exception in a stream means, in the status that Converse answers it with elsewhere. */
  static Failure read(AwsFrame frame, String message) {
    int status = switch (frame.name().toLowerCase(Locale.ROOT)) {
      case "validationexception" -> 400;
      case "modeltimeoutexception" -> 408;
      case "modelstreamerrorexception" -> 424;
      case "throttlingexception" -> 429;
      case "serviceunavailableexception" -> 503;
      default -> 500;
    };
    return new Failure(status, frame.name(), "", message, "");
  }

  /** The types of Converse's errors by status, as its API reference lists them. */
  private static String type(int status) {
    return switch (status) {
      case 401, 403 -> "AccessDeniedException";
      case 404 -> "ResourceNotFoundException";
      case 408 -> "ModelTimeoutException";
      case 424 -> "ModelErrorException";
      case 429 -> "ThrottlingException";
      case 503 -> "ServiceUnavailableException";
      default -> status < 500 ? "ValidationException" : "InternalServerException";
    };
  }

  private static ObjectNode message(Failure failure) {
    return JsonNodeFactory.instance.objectNode().put("message", failure.message());
  }

  private static byte[] bytes(ObjectNode json) {
    return WellFormed.bytes(JSON, json);
  }
}
