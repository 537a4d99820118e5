import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.StickyAssignor;
import org.apache.kafka.clients.consumer.internals.AbstractPartitionAssignor;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.coordinator.group.api.assignor.ConsumerGroupPartitionAssignor;
import org.apache.kafka.coordinator.group.api.assignor.SubscribedTopicDescriber;
import org.apache.kafka.coordinator.group.api.assignor.SubscriptionType;
import org.apache.kafka.coordinator.group.modern.GroupSpecImpl;
import org.apache.kafka.coordinator.group.modern.MemberSubscriptionAndAssignmentImpl;

/**
 * Asks Kafka's own assignors. A line of input: name, topics `name=id=count` and members `id=instance=topics=owned`,
 * separated by blanks, semicolons inside, `/` between names, `topic:partition` for partitions. A line of output: members
 * `id=owned`.
 */
public class Assignors {
    static final int GENERATION = 7;

    record Member(String id, String instance, List<String> topics, List<TopicPartition> owned) {}

    record Case(String name, Map<String, Uuid> ids, Map<String, Integer> counts, List<Member> members) {}

    public static void main(String[] args) throws Exception {
        List<String> out = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(args[0]))) {
            Case each = parse(line);
            Map<String, List<TopicPartition>> result =
                each.name.startsWith("broker-") ? broker(each) : client(each);
            out.add(each.members.stream()
                .map(m -> m.id + "=" + result.getOrDefault(m.id, List.of()).stream()
                    .map(tp -> tp.topic() + ":" + tp.partition()).sorted().collect(Collectors.joining("/")))
                .collect(Collectors.joining(";")));
        }
        Files.write(Path.of(args[1]), out);
    }

    static List<String> list(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split("/"));
    }

    static Case parse(String line) {
        String[] parts = line.split(" ", -1);
        Map<String, Uuid> ids = new HashMap<>();
        Map<String, Integer> counts = new HashMap<>();
        for (String topic : parts[1].split(";")) {
            String[] f = topic.split("=", -1);
            ids.put(f[0], Uuid.fromString(f[1]));
            counts.put(f[0], Integer.parseInt(f[2]));
        }
        List<Member> members = new ArrayList<>();
        for (String member : parts[2].split(";")) {
            String[] f = member.split("=", -1);
            List<TopicPartition> owned = list(f[3]).stream().map(text -> {
                String[] tp = text.split(":");
                return new TopicPartition(tp[0], Integer.parseInt(tp[1]));
            }).collect(Collectors.toList());
            members.add(new Member(f[0], f[1].isEmpty() ? null : f[1], list(f[2]), owned));
        }
        return new Case(parts[0], ids, counts, members);
    }

    static Map<String, List<TopicPartition>> client(Case each) throws Exception {
        AbstractPartitionAssignor assignor = switch (each.name) {
            case "range" -> new org.apache.kafka.clients.consumer.RangeAssignor();
            case "roundrobin" -> new org.apache.kafka.clients.consumer.RoundRobinAssignor();
            case "sticky" -> new StickyAssignor();
            default -> new CooperativeStickyAssignor();
        };
        Map<String, Subscription> subscriptions = new HashMap<>();
        Set<String> read = new HashSet<>();
        for (Member member : each.members) {
            read.addAll(member.topics);
            StickyAssignor own = new StickyAssignor();
            boolean isNew = member.owned.isEmpty();
            if (!isNew) own.onAssignment(new Assignment(member.owned), new ConsumerGroupMetadata("g", GENERATION, member.id, Optional.empty()));
            boolean cooperates = each.name.equals("cooperative-sticky");
            Subscription subscription = new Subscription(
                member.topics,
                each.name.equals("sticky") ? own.subscriptionUserData(new HashSet<>(member.topics)) : null,
                cooperates ? member.owned : List.of(),
                cooperates && !isNew ? GENERATION : -1,
                Optional.empty());
            subscription.setGroupInstanceId(Optional.ofNullable(member.instance));
            subscriptions.put(member.id, subscription);
        }
        Map<String, Integer> counts = new HashMap<>(each.counts);
        counts.keySet().retainAll(read);
        var method = assignor.getClass().getMethod("assignPartitions", Map.class, Map.class);
        method.setAccessible(true);
        Map<String, List<org.apache.kafka.common.PartitionInfo>> infos = new HashMap<>();
        counts.forEach((topic, count) -> {
            List<org.apache.kafka.common.PartitionInfo> list = new ArrayList<>();
            for (int i = 0; i < count; i++) list.add(new org.apache.kafka.common.PartitionInfo(topic, i, null, new org.apache.kafka.common.Node[0], new org.apache.kafka.common.Node[0]));
            infos.put(topic, list);
        });
        @SuppressWarnings("unchecked")
        var result = (Map<String, List<TopicPartition>>) method.invoke(assignor, infos, subscriptions);
        return result;
    }

    static Map<String, List<TopicPartition>> broker(Case each) {
        ConsumerGroupPartitionAssignor assignor = each.name.equals("broker-range")
            ? new org.apache.kafka.coordinator.group.assignor.RangeAssignor()
            : new org.apache.kafka.coordinator.group.assignor.UniformAssignor();
        Map<String, MemberSubscriptionAndAssignmentImpl> members = new HashMap<>();
        Map<Uuid, Map<Integer, String>> inverted = new HashMap<>();
        Set<Set<String>> subscriptions = new HashSet<>();
        for (Member member : each.members) {
            subscriptions.add(new HashSet<>(member.topics));
            Map<Uuid, List<Integer>> lists = new LinkedHashMap<>();
            for (TopicPartition tp : member.owned) {
                Uuid id = each.ids.get(tp.topic());
                lists.computeIfAbsent(id, x -> new ArrayList<>()).add(tp.partition());
                inverted.computeIfAbsent(id, x -> new HashMap<>()).put(tp.partition(), member.id);
            }
            Map<Uuid, Set<Integer>> owned = lists.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> new HashSet<>(e.getValue())));
            members.put(member.id, new MemberSubscriptionAndAssignmentImpl(
                Optional.empty(),
                Optional.ofNullable(member.instance),
                member.topics.stream().map(each.ids::get).filter(x -> x != null).collect(Collectors.toCollection(java.util.LinkedHashSet::new)),
                new org.apache.kafka.coordinator.group.modern.Assignment(owned)));
        }
        Map<Uuid, String> names = new HashMap<>();
        each.ids.forEach((name, id) -> names.put(id, name));
        SubscribedTopicDescriber describer = (SubscribedTopicDescriber) Proxy.newProxyInstance(
            Assignors.class.getClassLoader(),
            new Class<?>[] {SubscribedTopicDescriber.class},
            (proxy, method, args) -> method.getName().equals("numPartitions")
                ? (Object) each.counts.get(names.get((Uuid) args[0]))
                : Set.of());
        var spec = new GroupSpecImpl(
            Collections.unmodifiableMap(members),
            subscriptions.size() == 1 ? SubscriptionType.HOMOGENEOUS : SubscriptionType.HETEROGENEOUS,
            inverted);
        Map<String, List<TopicPartition>> result = new HashMap<>();
        assignor.assign(spec, describer).members().forEach((id, assignment) -> {
            List<TopicPartition> list = new ArrayList<>();
            assignment.partitions().forEach((topicId, partitions) ->
                partitions.forEach(partition -> list.add(new TopicPartition(names.get(topicId), partition))));
            result.put(id, list);
        });
        return result;
    }
}
