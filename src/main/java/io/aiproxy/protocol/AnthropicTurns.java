package io.aiproxy.protocol;

import static io.aiproxy.protocol.DialectJson.string;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Message;
import io.aiproxy.neutral.Message.Role;
import java.util.ArrayList;
import java.util.List;

/**
 * A conversation as Anthropic wants it: user and assistant take turns, and the results of tools begin the turn behind the calls.
 * What the system says is no part of it. Used by one thread.
 */
final class AnthropicTurns {
  private final AnthropicBlockWriter blocks;
  private final Losses losses;
  private final List<Turn> turns = new ArrayList<>();

  AnthropicTurns(AnthropicBlockWriter blocks, Losses losses) {
    this.blocks = blocks;
    this.losses = losses;
  }

  /** What one side says until the other does. */
  private record Turn(Role role, ArrayNode content, List<Message> messages) {
    ObjectNode json() {
      ObjectNode json = DialectJson.object().put("role", isAssistant() ? "assistant" : "user");
      JsonNode first = content.path(0);
      boolean isPlain = messages.size() == 1 && messages.get(0).plain() && content.size() == 1;
      json.set("content", isPlain && first.size() == 2 ? first.path("text") : inOrder());
      return json;
    }

    private boolean isAssistant() {
      return role == Role.ASSISTANT;
    }

    private JsonNode inOrder() {
      ArrayNode ordered = content.arrayNode();
      content.forEach(block -> addIf(isResult(block), block, ordered));
      content.forEach(block -> addIf(!isResult(block), block, ordered));
      return ordered;
    }

    private static void addIf(boolean wanted, JsonNode block, ArrayNode blocks) {
      if (wanted) {
        blocks.add(block);
      }
    }

    private static boolean isResult(JsonNode block) {
      return string(block, "type").equals("tool_result");
    }
  }

  static boolean isSystem(Role role) {
    return role == Role.SYSTEM || role == Role.DEVELOPER;
  }

  ArrayNode of(List<Message> messages) {
    messages.stream().filter(message -> !isSystem(message.role())).forEach(this::add);
    ArrayNode written = JsonNodeFactory.instance.arrayNode();
    turns.forEach(turn -> written.add(turn.json()));
    return written;
  }

  private void add(Message message) {
    lose(message, losses);
    boolean goesOn = !turns.isEmpty() && turns.get(turns.size() - 1).role() == message.role();
    Turn turn = goesOn
        ? turns.get(turns.size() - 1)
        : new Turn(message.role(), JsonNodeFactory.instance.arrayNode(), new ArrayList<>());
    blocks.add(message.parts(), turn.content());
    turn.messages().add(message);
    if (!goesOn && !turn.content().isEmpty()) {
      turns.add(turn);
    }
  }

  /** A message has no member of its own here but role and content. */
  static void lose(Message message, Losses losses) {
    if (!message.name().isEmpty()) {
      losses.drop(message.origin().at("name"));
    }
    message.origin().into(DialectJson.object(), AnthropicMessages.NAME, losses);
  }
}
