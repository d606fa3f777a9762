package io.aiproxy.balance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.call.Body;
import io.aiproxy.call.Call;
import io.aiproxy.call.Headers;
import io.aiproxy.call.Reply;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.FakeTicker;
import io.aiproxy.testing.ScriptedBody;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SequelsTest {
  private static final String ID = "resp_\\u00e4";
  private static final String DOCUMENT =
      "{\"object\":\"response\",\"output\":[{\"id\":\"msg_1\"}],\"id\":\"" + ID + "\"}";

  private final List<Member> members = Fleet.of(new FakeTicker(), 1, 1, 1);
  private final Sequels sequels = new Sequels(call -> candidates -> candidates.get(0));

  @Test
  void goOnWithTheInstanceThatGaveTheResponse() {
    told("c", document(DOCUMENT.getBytes(UTF_8)));

    assertThat(pick(after(ID), members)).isEqualTo("c");
    assertThat(pick(after("resp_other"), members)).isEqualTo("a");
  }

  @Test
  void findTheInstanceByTheAddressToo() {
    told("c", document("{\"id\":\"resp_1\"}".getBytes(UTF_8)));

    assertThat(pick(fetching("/v1/responses/resp_1"), members)).isEqualTo("c");
    assertThat(pick(fetching("/v1/responses/resp_1/input_items"), members)).isEqualTo("c");
    assertThat(pick(fetching("/v1/responses/resp_2"), members)).isEqualTo("a");
  }

  @Test
  void goToOthersIfThatOneCannotBeAsked() {
    told("c", document(DOCUMENT.getBytes(UTF_8)));

    assertThat(pick(after(ID), members.subList(1, 2))).isEqualTo("b");
  }

  @Test
  void areFoundWhereverTheBytesAreCut() {
    byte[] bytes = DOCUMENT.getBytes(UTF_8);
    for (int cut = 0; cut <= bytes.length; cut++) {
      Sequels fresh = new Sequels(call -> candidates -> candidates.get(0));
      String begin = new String(Arrays.copyOf(bytes, cut), UTF_8);
      String end = new String(Arrays.copyOfRange(bytes, cut, bytes.length), UTF_8);
      read(told(fresh, "b", new Reply(200, Headers.NONE, ScriptedBody.of(begin, end))));

      assertThat(fresh.begin(after(ID)).pick(members).name())
          .as("cut at %s", cut)
          .isEqualTo("b");
    }
  }

  @Test
  void areFoundInTheEventsOfAStream() {
    Headers events = Headers.builder().add("Content-Type", "text/event-stream").build();
    String stream =
        "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"id\":\"resp_1\"}}\n\n"
            + "data: {\"type\":\"response.completed\",\"response\":{\"id\":\"resp_2\"}}\n\n";

    Reply reply =
        told(sequels, "b", new Reply(200, events, Body.of(stream.getBytes(UTF_8))).inEvents());

    assertThat(read(reply)).isEqualTo(stream);
    assertThat(pick(after("resp_1"), members)).isEqualTo("b");
  }

  @Test
  void rememberTheLastOnesOnly() {
    for (int i = 0; i <= Sequels.MOST; i++) {
      told("b", document(("{\"id\":\"resp_" + i + "\"}").getBytes(UTF_8)));
    }

    assertThat(pick(after("resp_0"), members)).isEqualTo("a");
    assertThat(pick(after("resp_1"), members)).isEqualTo("b");
    assertThat(pick(after("resp_" + Sequels.MOST), members)).isEqualTo("b");
  }

  private void told(String instance, Reply reply) {
    read(told(sequels, instance, reply));
  }

  private static Reply told(Sequels sequels, String instance, Reply reply) {
    Call call = post("{\"input\":\"Hi\"}");
    Choice choice = sequels.begin(call);
    call.exchange().ledger().attempt(instance, "http", "h", 80, "/");
    return choice.told(reply);
  }

  private static Reply document(byte[] bytes) {
    return new Reply(200, Headers.NONE, Body.of(bytes));
  }

  private static String read(Reply reply) {
    return ScriptedBody.text(reply.body());
  }

  private String pick(Call call, List<Member> candidates) {
    return sequels.begin(call).pick(candidates).name();
  }

  private static Call after(String id) {
    return post("{\"input\":\"Hi\",\"previous_response_id\":\"" + id + "\"}");
  }

  private static Call post(String body) {
    return Calls.arrived("/v1/responses", body, Headers.NONE);
  }

  private static Call fetching(String path) {
    return Calls.at("passthrough", path, "");
  }
}
