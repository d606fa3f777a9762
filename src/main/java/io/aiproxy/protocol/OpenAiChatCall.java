package io.aiproxy.protocol;

import static io.aiproxy.protocol.OpenAiChatDialect.PROTOCOL;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Delta;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import java.util.Set;
import java.util.function.Consumer;

/** A call that comes in fragments: what is known of it, and what was not yet handed on. For one thread. */
final class OpenAiChatCall {
  private final int number;
  private final ObjectNode first;
  private final boolean free;
  private final String madeUp;
  private final String path;
  private final StringBuilder waiting = new StringBuilder();
  private final WholeJson arguments = new WholeJson();
  private String id = "";
  private String name = "";
  private boolean opened;
  private boolean over;

  /**
   * Begins with a fragment.
   *
   * @param number its {@code index}; negative if it has none
   * @param madeUp its id if it has none
   */
  OpenAiChatCall(int number, ObjectNode first, String madeUp, String path) {
    this.number = number;
    this.first = first;
    this.free = OpenAiChatCalls.isFree(first);
    this.madeUp = madeUp;
    this.path = path;
  }

  boolean isNumbered(int index) {
    return number == index;
  }

  boolean isOver() {
    return over;
  }

  /** Whether a fragment is of this call, by what it says beside its index. A call that is over is not named again. */
  boolean goesOn(String fragmentId, String fragmentName) {
    boolean isSame = fragmentId.isEmpty() || id.isEmpty() || fragmentId.equals(id);
    return isSame && !(over && fragmentId.isEmpty() && !fragmentName.isEmpty());
  }

  /** Which call it is can be said late; once it is said it stays. */
  void named(String fragmentId, String fragmentName) {
    id = id.isEmpty() ? fragmentId : id;
    name = name.isEmpty() ? fragmentName : name;
  }

  void add(String more) {
    waiting.append(more);
    arguments.next(more);
  }

  int waiting() {
    return waiting.length();
  }

  boolean isNamed() {
    return !name.isEmpty();
  }

  /** Whether nothing more of it is to be expected. */
  boolean isWhole() {
    return !free && arguments.isWhole();
  }

  /** Hands on what there is of it. */
  void tell(OpenAiChatVoice voice, Consumer<? super Delta> out) {
    if (!opened) {
      opened = true;
      Origin origin = new Place(first, path)
          .origin(PROTOCOL, Set.of("id", "type", "index", "function", "custom"));
      OpenAiChatThoughts.signed(new Place(first, path), origin)
          .ifPresent(thought -> voice.open(thought, out));
      voice.open(new Part.ToolCall(id.isEmpty() ? madeUp : id, name, "", free, origin), out);
    }
    voice.argue(waiting.toString(), out);
    waiting.setLength(0);
  }

  void end() {
    over = true;
  }
}
