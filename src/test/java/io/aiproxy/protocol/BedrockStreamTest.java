package io.aiproxy.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.call.Failure;
import io.aiproxy.ledger.Answer;
import io.aiproxy.neutral.Delta;
import io.aiproxy.stream.Piece;
import io.aiproxy.wire.AwsFrame;
import io.aiproxy.wire.EventStreamDecoder;
import io.aiproxy.wire.StreamFormat;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BedrockStreamTest {
  private static AwsFrame event(String name, String json) {
    return AwsFrame.of(AwsFrame.EVENT, name, json.replace('\'', '"').getBytes(UTF_8));
  }

  private static List<Delta> decode(AwsFrame... frames) {
    BedrockStreamDecoder decoder = new BedrockStreamDecoder();
    List<Delta> deltas = new ArrayList<>();
    for (AwsFrame frame : frames) {
      decoder.next(frame, deltas::add);
    }
    decoder.end(deltas::add);
    return deltas;
  }

  private static final AwsFrame START = event("messageStart", "{'role':'assistant'}");
  private static final AwsFrame TEXT =
      event("contentBlockDelta", "{'contentBlockIndex':0,'delta':{'text':'a'}}");
  private static final AwsFrame STOP = event("messageStop", "{'stopReason':'end_turn'}");

  @Test
  void endsWithTheMetadataAndNotBefore() {
    assertThat(decode(START, TEXT, STOP)).noneMatch(Delta.Ended.class::isInstance);

    List<Delta> whole = decode(START, TEXT, STOP, event("metadata", "{'usage':{'inputTokens':1}}"));

    assertThat(whole).last().isInstanceOf(Delta.Ended.class);
  }

  @Test
  void failsWithAnException() {
    AwsFrame failure = AwsFrame.of(
        AwsFrame.EXCEPTION, "throttlingException", "{\"message\":\"slow\"}".getBytes(UTF_8));

    assertThat(decode(START, TEXT, failure))
        .last()
        .isEqualTo(new Delta.Failed(new Failure(429, "throttlingException", "", "slow", "")));
  }

  @Test
  void opensNoPartForAnEmptyPiece() {
    assertThat(decode(
            START,
            event("contentBlockDelta", "{'contentBlockIndex':0,'delta':{'text':''}}"),
            event("contentBlockStop", "{'contentBlockIndex':0}")))
        .hasSize(1);
  }

  @Test
  void passesOverWhatIsNotKnown() {
    assertThat(decode(event("somethingNew", "{'a':1}"), event("messageStart", "")))
        .hasSize(1);
  }

  @Test
  void tellsAFailureOfTheGatewayAsAnExceptionOfTheStream() {
    byte[] frame = new BedrockConverse()
        .errorEvent(new Failure(502, "t", "c", "broke off", ""), StreamFormat.EVENT_STREAM);
    List<Piece> pieces = new ArrayList<>();
    new EventStreamDecoder().next(ByteBuffer.wrap(frame), pieces::add);

    assertThat(pieces).singleElement().isInstanceOfSatisfying(AwsFrame.class, said -> {
      assertThat(said.messageType()).isEqualTo("exception");
      assertThat(said.name()).isEqualTo("internalServerException");
      assertThat(new String(said.dataArray(), said.dataOffset(), said.dataLength(), UTF_8))
          .isEqualTo("{\"message\":\"broke off\"}");
    });
  }

  @Test
  void noticesAFailureInAStreamThatPasses() {
    Answer answer = new Answer();
    new BedrockConverse()
        .read(answer, true)
        .next(AwsFrame.of(AwsFrame.EXCEPTION, "internalServerException", new byte[0]));

    assertThat(answer.failed()).isTrue();
    assertThat(answer.complete()).isFalse();
  }
}
