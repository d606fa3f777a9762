package io.aiproxy.protocol;

import static io.aiproxy.protocol.OpenAiChatDialect.PROTOCOL;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.call.Problem;
import io.aiproxy.neutral.Delta;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The calls of a candidate, which come in fragments. Which call a fragment belongs to its {@code index} says; some providers
 * send none, or the same for all, so that a new id or a further name begins a call too. For one thread.
 */
final class OpenAiChatFragments {
  private static final int NONE = -1;

  private final OpenAiChatVoice voice;
  private int count;
  private int last = NONE;
  private String lastId = "";

  OpenAiChatFragments(OpenAiChatVoice voice) {
    this.voice = voice;
  }

  /** Whether there has been a call. */
  boolean any() {
    return count > 0;
  }

  void next(JsonNode delta, Consumer<? super Delta> out) {
    for (JsonNode call : delta.path(OpenAiChatCalls.CALLS)) {
      if (call instanceof ObjectNode fragment) {
        fragment(fragment, out);
      }
    }
    if (delta.path(OpenAiChatTools.FUNCTION_CALL) instanceof ObjectNode function) {
      function(function, out);
    }
  }

  /** The one call of a function that there was before tools. */
  private void function(ObjectNode function, Consumer<? super Delta> out) {
    String name = OpenAiJson.text(function, "name");
    if (!name.isEmpty() && !voice.callIsOpen()) {
      count++;
      voice.open(
          new Part.ToolCall(
              OpenAiChatMessageReader.MADE_UP + "0",
              name,
              "",
              false,
              origin("." + OpenAiChatTools.FUNCTION_CALL)),
          out);
    }
    if (voice.callIsOpen()) {
      voice.argue(OpenAiJson.text(function, "arguments"), out);
    }
  }

  private Origin origin(String name) {
    return new Origin(PROTOCOL, "choices[" + voice.index() + "].delta" + name, OpenAiJson.object());
  }

  private void fragment(ObjectNode call, Consumer<? super Delta> out) {
    boolean free = OpenAiChatCalls.isFree(call);
    JsonNode said = call.path(free ? "custom" : "function");
    String name = OpenAiJson.text(said, "name");
    String more = OpenAiChatCalls.arguments(said.path(free ? "input" : "arguments"));
    if (begins(call, name)) {
      open(call, name, free, out);
    }
    if (voice.callIsOpen() && isLast(call)) {
      voice.argue(more, out);
    } else if (!more.isEmpty()) {
      throw Problem.of(
          Problem.Kind.UPSTREAM_BROKEN, "the upstream's stream goes on with a call that is over");
    }
  }

  private static int number(ObjectNode call) {
    return call.path("index").isInt() ? call.path("index").intValue() : NONE;
  }

  private boolean isLast(ObjectNode call) {
    return number(call) == NONE || last == NONE || number(call) == last;
  }

  private boolean begins(ObjectNode call, String name) {
    String id = OpenAiJson.text(call, "id");
    if (name.isEmpty() && id.isEmpty()) {
      return false;
    }
    if (!voice.callIsOpen()) {
      return true;
    }
    boolean isOther = !id.isEmpty() && !id.equals(lastId);
    boolean isFurther = number(call) == NONE && id.isEmpty();
    return !isLast(call) || isOther || isFurther;
  }

  private void open(ObjectNode call, String name, boolean free, Consumer<? super Delta> out) {
    String id = OpenAiJson.text(call, "id");
    Place place = new Place(call, "choices[" + voice.index() + "].delta.tool_calls[" + count + "]");
    Origin origin = place.origin(PROTOCOL, Set.of("id", "type", "index", "function", "custom"));
    OpenAiChatThoughts.signed(place, origin).ifPresent(thought -> voice.open(thought, out));
    last = number(call);
    lastId = id;
    String given = id.isEmpty() ? OpenAiChatCalls.madeUp(voice.index(), count) : id;
    count++;
    voice.open(new Part.ToolCall(given, name, "", free, origin), out);
  }
}
