using System.Text.Json.Nodes;
using CsCheck;
using SyncMcp.Guard;

namespace SyncMcp.Tests.Guard;

/// <summary>What a person approves is hashed: what changes the effect changes the hash, and nothing else does.</summary>
public sealed class DefinitionTests
{
    [Theory]
    [InlineData("""{"b":1,"a":{"y":[1,2],"x":null}}""", """{"a":{"y":[1,2]},"b":1.0}""")]
    [InlineData("""{"a":{}}""", """{}""")]
    [InlineData("""{"a":{"b":{"c":null}}}""", """{}""")]
    [InlineData("""{"a":"\u00e4"}""", """{"a":"ä"}""")]
    public void What_means_the_same_is_spelled_the_same(string one, string other) =>
        Assert.Equal(Canonical.Of(JsonNode.Parse(one)), Canonical.Of(JsonNode.Parse(other)));

    [Theory]
    [InlineData("""{"a":[1,2]}""", """{"a":[2,1]}""")]
    [InlineData("""{"a":"1"}""", """{"a":1}""")]
    [InlineData("""{"a":false}""", """{}""")]
    [InlineData("""{"a":[null]}""", """{"a":[]}""")]
    [InlineData("""{"a":1}""", """{"a":1.0000000001}""")]
    public void What_differs_is_spelled_otherwise(string one, string other) =>
        Assert.NotEqual(Canonical.Of(JsonNode.Parse(one)), Canonical.Of(JsonNode.Parse(other)));

    [Fact]
    public void The_order_of_members_never_counts() => Gen.String.Array[0, 8].Select(names => names.Distinct().ToArray()).Sample(
        names =>
        {
            var forth = new JsonObject(names.Select((name, i) => KeyValuePair.Create<string, JsonNode?>(name, i)));
            var back = new JsonObject(names.Select((name, i) => KeyValuePair.Create<string, JsonNode?>(name, i)).Reverse());
            return Canonical.Of(forth) == Canonical.Of(back);
        },
        iter: 500);

    [Fact]
    public void The_borders_of_what_is_hashed_count() => Assert.NotEqual(Canonical.Hash("ab", "c"), Canonical.Hash("a", "bc"));

    [Theory]
    [InlineData("name", "\"another\"")]
    [InlineData("labels", "[\"x\"]")]
    [InlineData("status", "\"Failed\"")]
    [InlineData("last_run", "{\"id\":\"r\"}")]
    [InlineData("updated_at", "\"2026-01-01T00:00:00Z\"")]
    public void Names_labels_and_what_the_server_sets_are_not_part_of_it(string member, string value) =>
        Assert.Equal(Jobs.Of().Definition().Hash, Jobs.Of(job => job[member] = JsonNode.Parse(value)).Definition().Hash);

    [Theory]
    [InlineData("type", "\"LoadFolder\"")]
    [InlineData("schedule", "{\"enabled\":true,\"cron\":\"0 0 2 * * *\"}")]
    [InlineData("alerts", "{\"send_email\":true,\"email_to\":\"a@b.c\"}")]
    [InlineData("settings", "{\"verbosity\":\"Verbose\"}")]
    [InlineData("events", "{\"pre_job\":\"<api:script/>\"}")]
    [InlineData("something_of_a_later_version", "true")]
    public void Everything_else_is_also_what_we_do_not_know(string member, string value) =>
        Assert.NotEqual(Jobs.Of().Definition().Hash, Jobs.Of(job => job[member] = JsonNode.Parse(value)).Definition().Hash);

    [Fact]
    public void Another_file_behind_the_same_connection_is_another_definition()
    {
        var before = Jobs.Of();
        var after = before with { Destination = Jobs.Connection("d", "other.db") };
        var renamed = before with { Destination = Jobs.With(before.Destination, "name", "new name") };

        Assert.NotEqual(before.Definition().Hash, after.Definition().Hash);
        Assert.Equal(before.Definition().Hash, renamed.Definition().Hash);
    }

    [Fact]
    public void A_secret_is_not_part_of_it_and_never_kept()
    {
        var job = Jobs.Of() with { Source = new JsonObject { ["id"] = "s", ["connector"] = "Salesforce", ["properties"] = new JsonObject { ["User"] = "me", ["Password"] = "********" } } };

        Assert.DoesNotContain("Password", DefinitionMembers.OfConnection(job.Source).ToJsonString(), StringComparison.Ordinal);
        Assert.False(DefinitionMembers.IsUnreadable(job.Source));
        job.Source["properties"]!["User"] = "********";
        Assert.True(DefinitionMembers.IsUnreadable(job.Source)); // nobody can tell what it is
    }

    [Fact]
    public void Tasks_count_by_what_they_do_and_by_their_order()
    {
        var two = Jobs.Of(tasks: ["orders", "people"]);
        var turned = two with { Tasks = [.. two.Tasks.Reverse()] };
        var named = two with { Tasks = [Jobs.With(two.Tasks[0], "name", "x"), Jobs.With(two.Tasks[1], "position", 7)] };

        Assert.NotEqual(two.Definition().Hash, turned.Definition().Hash);
        Assert.Equal(two.Definition().Hash, named.Definition().Hash);
        Assert.NotEqual(two.Definition().Hash, (two with { Tasks = [Jobs.With(two.Tasks[0], "enabled", false), two.Tasks[1]] }).Definition().Hash);
    }
}
