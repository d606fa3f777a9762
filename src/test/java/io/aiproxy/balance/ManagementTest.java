package io.aiproxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.config.Route;
import io.aiproxy.ledger.Ticker;
import io.aiproxy.testing.Settings;
import java.util.List;
import java.util.Set;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

class ManagementTest {
  private static final String PLAIN = "io.aiproxy:type=Instance,route=r,name=a";

  private final MBeanServer server = MBeanServerFactory.newMBeanServer();

  @Test
  void showsAnInstance() throws Exception {
    Management.open(server, List.of(balance("a")));
    ObjectName name = new ObjectName(PLAIN);

    assertThat(server.getAttribute(name, "State")).isEqualTo("healthy");
    assertThat(server.getAttribute(name, "Since")).isEqualTo("1970-01-01T00:00:00Z");
    assertThat(server.getAttribute(name, "UnderWay")).isEqualTo(0);
  }

  @Test
  void letsAnOperatorTakeOneOutAndBackIn() throws Exception {
    Balance balance = balance("a");
    Management.open(server, List.of(balance));
    ObjectName name = new ObjectName(PLAIN);

    server.invoke(name, "eject", new Object[0], new String[0]);
    assertThat(balance.standings().get(0).state()).isEqualTo("ejected");

    server.invoke(name, "drain", new Object[0], new String[0]);
    assertThat(balance.standings().get(0).state()).isEqualTo("draining");

    server.invoke(name, "admit", new Object[0], new String[0]);
    assertThat(balance.standings().get(0).state()).isEqualTo("healthy");
  }

  @Test
  void twoGatewaysDoNotClashAndLeaveNothing() throws Exception {
    Management one = Management.open(server, List.of(balance("a")));
    Management other = Management.open(server, List.of(balance("a")));
    assertThat(names())
        .containsExactlyInAnyOrder(new ObjectName(PLAIN), new ObjectName(PLAIN + ",gateway=2"));

    other.close();
    one.close();

    assertThat(names()).isEmpty();
  }

  @Test
  void quotesANameThatNeedsIt() throws Exception {
    Management.open(server, List.of(balance("eu: *?")));

    assertThat(names())
        .containsExactly(
            new ObjectName("io.aiproxy:type=Instance,route=r,name=" + ObjectName.quote("eu: *?")));
  }

  private Set<ObjectName> names() throws Exception {
    return server.queryNames(new ObjectName("io.aiproxy:*"), null);
  }

  private static Balance balance(String instance) {
    Route route = Settings.configuration("""
            {'id':'r','uri':'/*','plugins':{'ai-proxy-multi':{'instances':[
            {'name':'%s','weight':1,'provider':'openai','auth':{}}]}}}""".formatted(instance)).routes().get(0);
    return Balance.of(route, one -> Fleet.SILENT, Fleet.services(Ticker.SYSTEM));
  }
}
