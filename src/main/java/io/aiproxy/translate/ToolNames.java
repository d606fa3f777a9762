package io.aiproxy.translate;

import io.aiproxy.neutral.Delta;
import io.aiproxy.neutral.Message;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.PortableName;
import io.aiproxy.neutral.Request;
import io.aiproxy.neutral.Response;
import io.aiproxy.neutral.Response.Candidate;
import io.aiproxy.neutral.Tool;
import io.aiproxy.neutral.ToolChoice;
import io.aiproxy.stream.Transducer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The names that a client gives its tools, in the bounds that providers set, and back. A name that all take stays as it is.
 * Immutable.
 */
final class ToolNames {
  private final Map<String, String> originals = new HashMap<>();

  private ToolNames() {}

  /** Those of one request. */
  static ToolNames of(Request asked) {
    ToolNames names = new ToolNames();
    for (Tool tool : asked.tools()) {
      if (tool instanceof Tool.Function function) {
        String portable = PortableName.of(function.name());
        if (!portable.equals(function.name())) {
          names.originals.put(portable, function.name());
        }
      }
    }
    return names;
  }

  /** The request as an upstream takes it; in the history too, whatever tools there are now. */
  Request portable(Request asked) {
    return asked.with(
        asked.messages().stream().map(ToolNames::portable).toList(),
        asked.tools().stream().map(ToolNames::portable).toList(),
        asked.toolChoice().map(this::portable));
  }

  private static Message portable(Message message) {
    return new Message(
        message.role(),
        message.parts().stream().map(ToolNames::portable).toList(),
        message.plain(),
        message.name(),
        message.origin());
  }

  private static Part portable(Part part) {
    if (part instanceof Part.ToolCall call) {
      return named(call, PortableName.of(call.name()));
    }
    if (part instanceof Part.ToolResult result) {
      return new Part.ToolResult(
          result.id(),
          PortableName.of(result.name()),
          result.content(),
          result.plain(),
          result.failed(),
          result.origin());
    }
    return part;
  }

  private static Part named(Part.ToolCall call, String name) {
    return new Part.ToolCall(call.id(), name, call.arguments(), call.free(), call.origin());
  }

  private static Tool portable(Tool tool) {
    return tool instanceof Tool.Function function
        ? new Tool.Function(
            PortableName.of(function.name()),
            function.description(),
            function.parameters(),
            function.strict(),
            function.cache(),
            function.origin())
        : tool;
  }

  /** Nobody knows what a client means by a tool that it does not offer, so its name stays. */
  private ToolChoice portable(ToolChoice choice) {
    return originals.containsValue(choice.name())
        ? new ToolChoice(choice.mode(), PortableName.of(choice.name()), choice.origin())
        : choice;
  }

  /** The answer in the client's names. */
  Response restored(Response answer) {
    if (originals.isEmpty()) {
      return answer;
    }
    List<Candidate> candidates = answer.candidates().stream()
        .map(candidate -> new Candidate(
            candidate.parts().stream().map(this::restored).toList(),
            candidate.stop(),
            candidate.logprobs(),
            candidate.origin()))
        .toList();
    return new Response(
        answer.id(), answer.model(), answer.created(), candidates, answer.usage(), answer.origin());
  }

  private Part restored(Part part) {
    return part instanceof Part.ToolCall call
        ? named(call, originals.getOrDefault(call.name(), call.name()))
        : part;
  }

  /** The same for a stream. */
  Transducer<Delta, Delta> restoring() {
    return new Transducer<>() {
      @Override
      public void next(Delta delta, Consumer<? super Delta> out) {
        out.accept(
            delta instanceof Delta.Opened opened
                ? new Delta.Opened(opened.candidate(), opened.part(), restored(opened.beginning()))
                : delta);
      }
    };
  }
}
