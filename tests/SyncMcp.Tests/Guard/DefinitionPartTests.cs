using System.Text.Json.Nodes;
using SyncMcp.Client.Connections;
using SyncMcp.Client.Events;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Pipelines;
using SyncMcp.Client.Transformations;
using SyncMcp.Client.Users;
using SyncMcp.Client.Workspaces;
using SyncMcp.Guard;

namespace SyncMcp.Tests.Guard;

/// <summary>What belongs to a definition and what does not, kind by kind; how two are compared; what a patch leaves behind.</summary>
public sealed class DefinitionPartTests
{
    [Theory]
    [InlineData("null", "null")]
    [InlineData("[null,true,\"<ü>\\n\"]", "[null,true,\"<ü>\\n\"]")]
    [InlineData("{\"b\":1.50,\"a\":[{\"d\":{},\"c\":null}],\"e\":{\"f\":{}},\"g\":{\"h\":0,\"i\":null}}", "{\"a\":[{}],\"b\":1.5,\"g\":{\"h\":0}}")]
    [InlineData("[1e2,100,0.10,-5,123456789012345678901234567890123456789012345]", "[100,100,0.1,-5,123456789012345678901234567890123456789012345]")]
    public void The_canonical_form_is_this_and_may_not_change_without_a_new_version(string json, string canonical) =>
        Assert.Equal(canonical, Canonical.Of(JsonNode.Parse(json)));

    [Fact]
    public void Approvals_kept_by_earlier_programs_still_count()
    {
        // Fixed: whoever changes these must raise Definition.Version.
        Assert.Equal("49a1af1b982d48d444434b4fdd5a935bad437b5e211cfd8c9f18b975e2cc1e31", Canonical.Hash("a", ""));
        Assert.NotEqual(Canonical.Hash("a"), Canonical.Hash("a", ""));
        Assert.NotEqual(Canonical.Hash(), Canonical.Hash(""));
        var one = new Definition("job", "i", "n", new() { ["a"] = 1 }, []);
        Assert.Equal($"v1:{Canonical.Hash("job", "{\"a\":1}")}", one.Hash);
        Assert.Empty(one.Adopted);
        Assert.Equal(["x", "y"], (one with { Facts = new() { ["adopted"] = new JsonArray("x", null, new JsonObject(), "y") } }).Adopted);
        Assert.Empty((one with { Facts = new() { ["adopted"] = "x" } }).Adopted);
    }

    [Theory]
    [InlineData("""{"type":"Standard","name":"n"}""", "{}")]
    [InlineData("""{"type":"SyncAll","source_connection":{"id":"s","name":"x"},"destination_connection":{"id":"d","name":"y"}}""", """{"destination_connection":{"id":"d"},"source_connection":{"id":"s"},"type":"SyncAll"}""")]
    [InlineData("""{"source_connection":"s","destination_connection":{"name":"y"},"x":null}""", """{"destination_connection":{"name":"y"},"source_connection":"s"}""")]
    public void Of_a_job_counts(string json, string counts) => Same(counts, DefinitionMembers.OfJob(Json(json)));

    [Theory]
    [InlineData("""{"table":"t","position":3,"enabled":true}""", """{"table":"t"}""")]
    [InlineData("""{"table":"t","enabled":false}""", """{"enabled":false,"table":"t"}""")]
    [InlineData("""{"table":"t","enabled":"true"}""", """{"enabled":"true","table":"t"}""")]
    [InlineData("""{"table":"t","query":"q"}""", """{"query":"q"}""")]
    [InlineData("""{"table":"t","query":"  "}""", """{"query":"  ","table":"t"}""")]
    public void Of_a_task_counts(string json, string counts) => Same(counts, DefinitionMembers.OfTask(Json(json)));

    [Theory]
    [InlineData("""{"type":"SQL","trigger":{"type":"None"},"destination_connection":{"id":"d","name":"y"}}""", """{"destination_connection":{"id":"d"}}""")]
    [InlineData("""{"type":"DBT","trigger":{"type":"AfterJob","after_job":"j"}}""", """{"trigger":{"after_job":"j","type":"AfterJob"},"type":"DBT"}""")]
    [InlineData("""{"trigger":"None"}""", """{"trigger":"None"}""")]
    public void Of_a_transformation_counts(string json, string counts) => Same(counts, DefinitionMembers.OfTransformation(Json(json)));

    [Theory]
    [InlineData("""{"position":1,"enabled":true,"type":"Replication","entity":{"id":"j","name":"x"}}""", """{"entity":{"id":"j"},"type":"Replication"}""")]
    [InlineData("""{"enabled":false,"entity":"j"}""", """{"enabled":false,"entity":"j"}""")]
    public void Of_a_step_counts(string json, string counts) => Same(counts, DefinitionMembers.OfStep(Json(json)));

    [Fact]
    public void Of_other_things_all_but_names_and_positions_counts()
    {
        Same("""{"query":"q"}""", DefinitionMembers.OfTransformationTask(Json("""{"query":"q","position":2}""")));
        Same("""{"script":"s"}""", DefinitionMembers.OfEvent(Json("""{"name":"n","script":"s"}""")));
        Assert.False(DefinitionMembers.OfPipeline(Json("""{"name":"n","settings":{"a":1}}""")).ContainsKey("name"));
        Assert.True(DefinitionMembers.OfPipeline(Json("""{"name":"n","settings":{"a":1}}""")).ContainsKey("settings"));
        var connection = DefinitionMembers.OfConnection(Json("""{"name":"n","connector":"PostgreSQL","properties":{"Server":"s","Password":"p"}}"""));
        Same("""{"connector":"PostgreSQL","properties":{"Server":"s"}}""", connection);
    }

    [Fact]
    public void What_is_not_shown_elsewhere_is_told_as_a_rest()
    {
        Assert.Equal("""{"b":2}""", DefinitionMembers.Rest(Json("""{"a":1,"b":2,"c":3}"""), "a", "c"));
        Assert.Null(DefinitionMembers.Rest(Json("""{"a":1}"""), "a"));
    }

    [Theory]
    [InlineData("""{"connector":"SQLite","properties":{"Data Source":"a.db"}}""", false)]
    [InlineData("""{"connector":"SQLite","properties":{"Data Source":"********"}}""", true)]
    [InlineData("""{"connector":"PostgreSQL","properties":{"Server":"s","Password":"********"}}""", false)]
    [InlineData("""{"connector":"SQLite","properties":{}}""", true)]
    [InlineData("""{"connector":"SQLite"}""", true)]
    [InlineData("""{"connector":"SQLite","properties":"x"}""", true)]
    [InlineData("""{"properties":{"Data Source":"a.db"}}""", true)]
    public void A_connection_that_hides_where_it_leads_cannot_be_read(string json, bool unreadable) => Assert.Equal(unreadable, DefinitionMembers.IsUnreadable(Json(json)));

    [Fact]
    public void Members_of_no_contract_are_noticed_at_every_level_of_a_pipeline()
    {
        Assert.False(DefinitionMembers.HasUnknown(Json("""{"id":"p","settings":null}"""), [Json("""{"type":"Replication"}""")]));
        Assert.True(DefinitionMembers.HasUnknown(Json("""{"id":"p","x":1}"""), []));
        Assert.True(DefinitionMembers.HasUnknown(Json("""{"id":"p","settings":"x"}"""), []));
        Assert.True(DefinitionMembers.HasUnknown(Json("""{"id":"p","settings":{"x":1}}"""), []));
        Assert.False(DefinitionMembers.HasUnknown(Json("""{"id":"p","settings":{}}"""), []));
        Assert.True(DefinitionMembers.HasUnknown(Json("""{"id":"p"}"""), [Json("""{"type":"Replication"}"""), Json("""{"x":1}""")]));
        Assert.True(DefinitionMembers.HasUnknownAlerts(Json("""{"x":1}""")));
        Assert.False(DefinitionMembers.HasUnknownAlerts(Json("""{"send_email":true}""")));
        Assert.True(DefinitionMembers.HasUnknown(EventEndpoints.Get, Json("""{"x":1}""")));
    }

    [Theory]
    [InlineData("""{"a":1}""", """{"a":1.0}""", "")]
    [InlineData("""{"a":1}""", """{"a":2,"b":3}""", "/a 1>2, /b >3")]
    [InlineData("""{"b":1,"a":1}""", "{}", "/a 1>, /b 1>")]
    [InlineData("""{"a":[1,2]}""", """{"a":[1,3,4]}""", "/a/1 2>3, /a/2 >4")]
    [InlineData("""{"a":[1,2]}""", """{"a":[1]}""", "/a/1 2>")]
    [InlineData("""{"a":{"b":{"c":1}}}""", """{"a":{"b":{"c":2}}}""", "/a/b/c 1>2")]
    [InlineData("""{"a":{}}""", "{}", "")]
    [InlineData("""{"a":[]}""", "{}", "/a []>")]
    [InlineData("{}", """{"a":{"b":1}}""", """/a >{"b":1}""")]
    [InlineData("""{"a":{"b":1}}""", """{"a":1}""", """/a {"b":1}>1""")]
    public void Differences_are_found_by_member_and_position(string before, string after, string differences) =>
        Assert.Equal(differences, string.Join(", ", Differences.Between(Json(before), Json(after)).Select(one => $"{one.At} {one.Before?.ToJsonString()}>{one.After?.ToJsonString()}")));

    [Theory]
    [InlineData("""{"a":1}""", """{"a":1,"b":2}""", true)]
    [InlineData("""{"a":1}""", """{"a":2}""", false)]
    [InlineData("""{"a":1,"b":2}""", """{"a":1}""", false)]
    [InlineData("""{"a":[1]}""", """{"a":[1,2]}""", false)]
    [InlineData("""{"a":[{"b":1}]}""", """{"a":[{"b":1,"c":2}]}""", true)]
    [InlineData("{}", "{}", true)]
    public void What_a_server_fills_in_is_a_member_and_never_a_whole_part(string first, string second, bool addsOnly) =>
        Assert.Equal(addsOnly, Differences.AddsOnly(Json(first), Json(second)));

    [Theory]
    [InlineData("""{"a":1,"b":{"c":1,"d":2},"l":[1,2]}""", """{"a":null,"b":{"c":3},"l":[5]}""", """{"b":{"c":3,"d":2},"l":[5]}""")]
    [InlineData("""{"a":1}""", """{"a":{"b":1}}""", """{"a":{"b":1}}""")]
    [InlineData("{}", """{"a":{"b":null}}""", """{"a":{}}""")]
    [InlineData("""{"a":1}""", "{}", """{"a":1}""")]
    public void A_patch_leaves_behind_what_the_server_would_and_its_inverse_puts_it_back(string thing, string patch, string after)
    {
        var before = Json(thing);
        var applied = MergePatch.Apply(before, Json(patch));

        Same(after, applied);
        Same(thing, before); // a copy was changed
        Same(Canonical.Of(before), Json(Canonical.Of(MergePatch.Apply(applied, MergePatch.Inverse(before, Json(patch))))));
    }

    [Fact]
    public void Each_kind_is_made_changed_and_deleted_by_its_operations_and_named_by_its_argument()
    {
        Assert.Equal(
        [
            ("workspace", "workspace_id", null), ("connection", "connection_id", "workspace_id"), ("job", "job_id", "workspace_id"), ("task", "task_id", "job_id"),
            ("transformation", "transformation_id", "workspace_id"), ("transformation_task", "task_id", "transformation_id"), ("pipeline", "pipeline_id", "workspace_id"),
            ("step", "step_id", "pipeline_id"), ("event", "event_id", "pipeline_id"), ("user", "user_id", null),
        ], Lifecycle.All.Select(one => (one.Kind, one.Id, one.Owner)));
        foreach (var one in Lifecycle.All)
        {
            Assert.Same(one, Lifecycle.Find(one.Kind));
            foreach (var endpoint in new[] { one.Create, one.Update, one.Delete, one.Move }.OfType<SyncMcp.Client.Endpoint>())
                Assert.Same(one, Lifecycle.Of(endpoint));
        }

        Assert.Equal("task", Lifecycle.Of(JobEndpoints.MoveTask)!.Kind);
        Assert.Equal("step", Lifecycle.Of(PipelineEndpoints.DeleteStep)!.Kind);
        Assert.Equal("workspace", Lifecycle.Of(WorkspaceEndpoints.Update)!.Kind);
        Assert.Equal("connection", Lifecycle.Of(ConnectionEndpoints.Create)!.Kind);
        Assert.Equal("transformation", Lifecycle.Of(TransformationEndpoints.Delete)!.Kind);
        Assert.Equal("user", Lifecycle.Of(UserEndpoints.Delete)!.Kind);
        Assert.Null(Lifecycle.Of(JobEndpoints.Execute));
    }

    private static JsonObject Json(string json) => JsonNode.Parse(json)!.AsObject();

    private static void Same(string json, JsonNode node) => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), node), node.ToJsonString());
}
