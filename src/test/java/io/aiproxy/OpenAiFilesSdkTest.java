package io.aiproxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.HttpResponse;
import com.openai.errors.UnauthorizedException;
import com.openai.models.audio.speech.SpeechCreateParams;
import com.openai.models.audio.transcriptions.TranscriptionCreateParams;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FileObject;
import com.openai.models.files.FilePurpose;
import com.openai.models.images.ImageGenerateParams;
import com.openai.models.models.Model;
import com.openai.models.moderations.ModerationCreateParams;
import io.aiproxy.testing.ScriptedUpstream;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** OpenAI's own client uses through the gateway what is no chat. */
class OpenAiFilesSdkTest {
  private static final String FILE = "{\"id\":\"f1\",\"object\":\"file\",\"bytes\":3,"
      + "\"created_at\":1,\"filename\":\"a.jsonl\",\"purpose\":\"batch\",\"status\":\"processed\"}";

  private static Rig rig;
  private static OpenAIClient client;
  private int asked;

  @BeforeAll
  static void start() {
    rig = new Rig();
    client = OpenAIOkHttpClient.builder()
        .baseUrl("http://127.0.0.1:" + rig.port() + "/v1")
        .apiKey("client-key")
        .maxRetries(0)
        .build();
  }

  @AfterAll
  static void stop() {
    client.close();
    rig.close();
  }

  @BeforeEach
  void count() {
    asked = rig.upstream().requests().size();
  }

  @Test
  void uploadsAFile() {
    rig.upstream().answers(turn -> turn.json(FILE));

    FileObject file = client
        .files()
        .create(FileCreateParams.builder()
            .file("{\"a\":1}".getBytes(UTF_8))
            .purpose(FilePurpose.BATCH)
            .build());

    assertThat(file.id()).isEqualTo("f1");
    assertThat(sent().headers().first("content-type").orElse(""))
        .startsWith("multipart/form-data; boundary=");
    assertThat(sent().text()).contains("{\"a\":1}").contains("name=\"purpose\"");
  }

  @Test
  void readsThatItsKeyIsNoneWhileItUploads() {
    rig.upstream()
        .answers(turn -> turn.status(401)
            .header("Connection", "close")
            .json("{\"error\":{\"message\":\"no\",\"type\":\"t\",\"param\":null,\"code\":\"c\"}}"));
    FileCreateParams params = FileCreateParams.builder()
        .file(noise(1_000_000))
        .purpose(FilePurpose.BATCH)
        .build();

    assertThat(catchThrowableOfType(
            UnauthorizedException.class, () -> client.files().create(params)))
        .hasMessageContaining("no");
  }

  @Test
  void retrievesListsAndDeletesFiles() {
    rig.upstream()
        .answersInTurn(
            turn -> turn.json(FILE),
            turn -> turn.json("{\"object\":\"list\",\"data\":[" + FILE
                + "],\"first_id\":\"f1\",\"last_id\":\"f1\",\"has_more\":false}"),
            turn -> turn.json("{\"id\":\"f1\",\"object\":\"file\",\"deleted\":true}"));

    assertThat(client.files().retrieve("f1").filename()).isEqualTo("a.jsonl");
    assertThat(client.files().list().data()).hasSize(1);
    assertThat(client.files().delete("f1").deleted()).isTrue();
    assertThat(rig.upstream().request(asked + 2).method()).isEqualTo("DELETE");
  }

  @Test
  void readsTheContentOfAFile() throws Exception {
    byte[] content = noise(2_000_000);
    rig.upstream().answers(turn -> turn.body("application/octet-stream", content));

    try (HttpResponse got = client.files().content("f1")) {
      assertThat(got.body().readAllBytes()).isEqualTo(content);
    }
    assertThat(sent().target()).isEqualTo("/v1/files/f1/content");
  }

  @Test
  void transcribesAudio() {
    rig.upstream()
        .answers(turn -> turn.json("{\"text\":\"hello\",\"usage\":{\"type\":\"tokens\","
            + "\"input_tokens\":5,\"output_tokens\":2,\"total_tokens\":7}}"));

    String text = client
        .audio()
        .transcriptions()
        .create(TranscriptionCreateParams.builder()
            .file(noise(1000))
            .model("gpt-4o-transcribe")
            .build())
        .asTranscription()
        .text();

    assertThat(text).isEqualTo("hello");
    assertThat(sent().target()).isEqualTo("/v1/audio/transcriptions");
  }

  @Test
  void speaks() throws Exception {
    byte[] audio = noise(10_000);
    rig.upstream().answers(turn -> turn.body("audio/mpeg", audio));

    try (HttpResponse got = client
        .audio()
        .speech()
        .create(SpeechCreateParams.builder()
            .input("hello")
            .model("tts-1")
            .voice("alloy")
            .build())) {
      assertThat(got.body().readAllBytes()).isEqualTo(audio);
    }
    assertThat(sent().target()).isEqualTo("/v1/audio/speech");
  }

  @Test
  void drawsModeratesAndLists() {
    rig.upstream()
        .answersInTurn(
            turn -> turn.json("{\"created\":1,\"data\":[{\"b64_json\":\"AAAA\"}]}"),
            turn -> turn.json("{\"id\":\"m1\",\"model\":\"omni\",\"results\":[]}"),
            turn -> turn.json("{\"object\":\"list\",\"data\":[{\"id\":\"m\",\"object\":\"model\","
                + "\"created\":1,\"owned_by\":\"o\"}]}"));

    assertThat(client
            .images()
            .generate(ImageGenerateParams.builder().prompt("a cat").build())
            .data())
        .isPresent();
    assertThat(client
            .moderations()
            .create(ModerationCreateParams.builder().input("x").build())
            .id())
        .isEqualTo("m1");
    assertThat(client.models().list().data()).extracting(Model::id).containsExactly("m");
    assertThat(rig.upstream().request(asked + 1).target()).isEqualTo("/v1/moderations");
  }

  private ScriptedUpstream.Request sent() {
    return rig.upstream().request(asked);
  }

  private static byte[] noise(int length) {
    byte[] noise = new byte[length];
    new Random(7).nextBytes(noise);
    return noise;
  }
}
