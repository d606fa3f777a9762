package io.aiproxy.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aiproxy.call.Problem;
import io.aiproxy.neutral.Chat;
import io.aiproxy.neutral.Delta;
import io.aiproxy.wire.AwsFrame;
import io.aiproxy.wire.Event;
import io.aiproxy.wire.StreamFormat;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class UnreadableTest {
  static Stream<Chat> chats() {
    return Protocols.names().stream()
        .map(Protocols::dialect)
        .flatMap(Optional::stream)
        .filter(Chat.class::isInstance)
        .map(Chat.class::cast);
  }

  @ParameterizedTest
  @MethodSource("chats")
  void endsAStreamOfWhichAPartIsLost(Chat chat) {
    assertThatThrownBy(() -> decode(chat, "{\"id"))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("cannot be read");
  }

  @ParameterizedTest
  @MethodSource("chats")
  void passesOverAMarkOfTheEndThatOthersHave(Chat chat) {
    assertThat(decode(chat, "[DONE]")).isEmpty();
  }

  private static List<Delta> decode(Chat chat, String data) {
    List<Delta> deltas = new ArrayList<>();
    if (chat.streams() == StreamFormat.EVENT_STREAM) {
      AwsFrame frame = AwsFrame.of(AwsFrame.EVENT, "contentBlockDelta", data.getBytes(UTF_8));
      chat.decoder().next(frame, deltas::add);
      return deltas;
    }
    String wire = chat.streams() == StreamFormat.NDJSON ? data + "\n" : "data: " + data + "\n\n";
    chat.streams()
        .decoder()
        .next(
            ByteBuffer.wrap(wire.getBytes(UTF_8)),
            piece -> chat.decoder().next((Event) piece, deltas::add));
    return deltas;
  }
}
