package io.aiproxy.balance;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The instances of all routes in JMX, as {@code io.aiproxy:type=Instance,route=…,name=…}. Where another gateway of the same JVM
 * has the name already, {@code gateway=2} and so on is added. For one thread.
 */
public final class Management implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Management.class);
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._-]+");
  private static final int MOST_GATEWAYS = 100;

  private final MBeanServer server;
  private final List<ObjectName> names = new ArrayList<>();

  private Management(MBeanServer server) {
    this.server = server;
  }

  /** Registers them; what cannot be registered is logged, and does without. */
  public static Management open(MBeanServer server, List<Balance> balances) {
    Management management = new Management(server);
    balances.forEach(balance ->
        balance.members().forEach(member -> management.register(balance.route(), member)));
    return management;
  }

  private void register(String route, Member member) {
    String name =
        "io.aiproxy:type=Instance,route=" + value(route) + ",name=" + value(member.name());
    try {
      for (int i = 1; i <= MOST_GATEWAYS; i++) {
        if (taken(new ObjectName(i == 1 ? name : name + ",gateway=" + i), member)) {
          return;
        }
      }
      LOG.warn("{} of route {} is not in JMX: there are too many gateways", member.name(), route);
    } catch (JMException refused) {
      LOG.warn("{} of route {} is not in JMX", member.name(), route, refused);
    }
  }

  private boolean taken(ObjectName name, Member member) throws JMException {
    try {
      names.add(server.registerMBean(new Managed(member), name).getObjectName());
      return true;
    } catch (InstanceAlreadyExistsException another) {
      return false;
    }
  }

  private static String value(String text) {
    return PLAIN.matcher(text).matches() ? text : ObjectName.quote(text);
  }

  @Override
  public void close() {
    for (ObjectName name : names) {
      try {
        server.unregisterMBean(name);
      } catch (InstanceNotFoundException gone) {
        LOG.debug("{} was taken out of JMX by somebody else", name);
      } catch (JMException refused) {
        LOG.warn("{} stays in JMX", name, refused);
      }
    }
    names.clear();
  }
}
