package io.aiproxy.protocol;

import static io.aiproxy.protocol.OpenAiChatDialect.PROTOCOL;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.call.Problem;
import io.aiproxy.neutral.Delta;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The calls of a candidate, which come in fragments. Which call a fragment belongs to its {@code index} says; some providers
 * send none, or the same for all, so that a new id or a further name begins a call too. Some write several calls at once: one
 * that begins before the other is whole waits for it. For one thread.
 */
final class OpenAiChatFragments {
  /** The longest arguments that wait, of all calls together, in characters. */
  static final int MOST_WAITING = 16 * 1024 * 1024;

  private static final int NONE = -1;

  private final OpenAiChatVoice voice;
  private final List<OpenAiChatCall> calls = new ArrayList<>();
  private int over;
  private boolean function;

  OpenAiChatFragments(OpenAiChatVoice voice) {
    this.voice = voice;
  }

  /** Whether there has been a call. */
  boolean any() {
    return function || !calls.isEmpty();
  }

  void next(JsonNode delta, Consumer<? super Delta> out) {
    for (JsonNode call : delta.path(OpenAiChatCalls.CALLS)) {
      if (call instanceof ObjectNode fragment) {
        fragment(fragment, out);
      }
    }
    if (delta.path(OpenAiChatTools.FUNCTION_CALL) instanceof ObjectNode called) {
      function(called, out);
    }
  }

  /** The one call of a function that there was before tools. */
  private void function(ObjectNode called, Consumer<? super Delta> out) {
    String name = OpenAiJson.text(called, "name");
    if (!name.isEmpty() && !voice.callIsOpen()) {
      function = true;
      voice.open(
          new Part.ToolCall(
              OpenAiChatMessageReader.MADE_UP + "0",
              name,
              "",
              false,
              new Origin(PROTOCOL, path(OpenAiChatTools.FUNCTION_CALL), OpenAiJson.object())),
          out);
    }
    if (voice.callIsOpen()) {
      voice.argue(OpenAiJson.text(called, "arguments"), out);
    }
  }

  private String path(String name) {
    return "choices[" + voice.index() + "].delta." + name;
  }

  private void fragment(ObjectNode fragment, Consumer<? super Delta> out) {
    boolean free = OpenAiChatCalls.isFree(fragment);
    JsonNode said = fragment.path(free ? "custom" : "function");
    String id = OpenAiJson.text(fragment, "id");
    String name = OpenAiJson.text(said, "name");
    String more = OpenAiChatCalls.arguments(said.path(free ? "input" : "arguments"));
    if (id.isEmpty() && name.isEmpty() && more.isEmpty()) {
      return; // some pad their chunks with calls of nothing
    }
    OpenAiChatCall call = known(fragment, id, name).orElseGet(() -> begin(fragment));
    if (call.isOver() && !more.isBlank()) {
      throw broken("the upstream's stream goes on with a call that is over");
    }
    if (!call.isOver()) {
      call.named(id, name);
      call.add(more);
      tell(out);
    }
  }

  private static Problem broken(String why) {
    return Problem.of(Problem.Kind.UPSTREAM_BROKEN, why);
  }

  private static int number(ObjectNode fragment) {
    return fragment.path("index").isInt() ? fragment.path("index").intValue() : NONE;
  }

  /** The call that a fragment belongs to, of those that have begun. */
  private Optional<OpenAiChatCall> known(ObjectNode fragment, String id, String name) {
    int number = number(fragment);
    if (number == NONE && id.isEmpty()) {
      return name.isEmpty() ? last(call -> true) : Optional.empty();
    }
    return last(call -> (number == NONE || call.isNumbered(number)) && call.goesOn(id, name));
  }

  private Optional<OpenAiChatCall> last(Predicate<OpenAiChatCall> wanted) {
    for (int i = calls.size() - 1; i >= 0; i--) {
      if (wanted.test(calls.get(i))) {
        return Optional.of(calls.get(i));
      }
    }
    return Optional.empty();
  }

  private OpenAiChatCall begin(ObjectNode fragment) {
    int count = calls.size();
    OpenAiChatCall call = new OpenAiChatCall(
        number(fragment),
        fragment,
        OpenAiChatCalls.madeUp(voice.index(), count),
        path(OpenAiChatCalls.CALLS) + "[" + count + "]");
    calls.add(call);
    return call;
  }

  /** Hands on what its turn has come. */
  private void tell(Consumer<? super Delta> out) {
    while (over < calls.size() && calls.get(over).isNamed()) {
      OpenAiChatCall call = calls.get(over);
      call.tell(voice, out);
      if (over == calls.size() - 1 || !call.isWhole()) {
        break;
      }
      end(call);
    }
    long waiting = calls.stream().skip(over).mapToLong(OpenAiChatCall::waiting).sum();
    if (waiting > MOST_WAITING) {
      throw broken("the upstream's calls are too long to be put in order");
    }
  }

  private void end(OpenAiChatCall call) {
    call.end();
    over++;
  }

  /** No call goes on: hands on all that waited, whole or not. */
  void end(Consumer<? super Delta> out) {
    while (over < calls.size()) {
      OpenAiChatCall call = calls.get(over);
      if (call.isNamed()) {
        call.tell(voice, out);
      } else if (call.waiting() > 0) {
        throw broken("the upstream's stream has a call without a name");
      }
      end(call);
    }
  }
}
