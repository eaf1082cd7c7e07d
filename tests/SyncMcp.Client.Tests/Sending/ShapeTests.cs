using System.Text.Json.Nodes;
using SyncMcp.Client.Jobs;
using static SyncMcp.Client.Tests.Sending.Replies;

namespace SyncMcp.Client.Tests.Sending;

/// <summary>Answers of servers that spell and nest otherwise than the contract (sync-api-v2 1.3, 3.5).</summary>
public sealed class ShapeTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"id":"j","drop_table":true,"email_to":"a@b.example","pre_job":"x"}""")]
    [InlineData("""{"ID":"j","Drop_Table":"true","Email_To":"a@b.example","PreJob":"x"}""")]
    [InlineData("""{"Id":"j","Settings.Drop_Table":true,"Alerts.Email_To":"a@b.example","Events.Pre-Job":"x"}""")]
    [InlineData("""{"id":"j","settings":{"DropTable":true},"alerts":{"EmailTo":"a@b.example"},"events":{"pre job":"x"}}""")]
    public async Task Flat_dotted_and_otherwise_spelled_members_of_a_job_are_read_as_one(string answer)
    {
        await using var server = new StubServer(Answer(200, answer));
        using var client = server.Client();
        var raw = (await client.SendAsync(JobEndpoints.Get, (object)new JobKey { JobId = "j" }, ct: Ct)).Body;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"id":"j","settings":{"drop_table":true},"alerts":{"email_to":"a@b.example"},"events":{"pre_job":"x"}}"""), raw), raw.ToJsonString());
        var job = await client.Jobs.GetAsync(new() { JobId = "j" }, Ct);
        Assert.Equal((true, "a@b.example", "x", null), (job.Settings!.DropTable, job.Alerts!.EmailTo, job.Events!.PreJob, job.Extra?.Count));
    }

    [Fact]
    public async Task References_are_read_with_hyphens_dots_and_as_bare_text()
    {
        await using var server = new StubServer(Answer(200, """{"value":[{"id":"t","Destination-Connection.id":"c","Trigger.After_Job":"j","trigger":{"type":"AfterJob"}},{"id":"u","Destination Connection":"warehouse"}]}"""));
        using var client = server.Client();
        var list = (await client.Transformations.ListAsync(new(), Ct)).Value;
        Assert.Equal(("c", "j", "AfterJob"), (list[0].DestinationConnection!.Id, list[0].Trigger!.AfterJob, list[0].Trigger!.Type));
        Assert.Equal("warehouse", list[1].DestinationConnection!.Name);
    }

    [Fact]
    public async Task What_the_contract_does_not_know_stays_where_it_is()
    {
        const string Answered = """{"id":"j","enabled":false,"x_shell":"rm","schedule":{"enabled":true,"cron":"0 0 0 * * *"},"settings":"?","verbosity":"Info","Name":"other","name":"own"}""";
        await using var server = new StubServer(Answer(200, Answered));
        using var client = server.Client();
        var raw = (await client.SendAsync(JobEndpoints.Get, (object)new JobKey { JobId = "j" }, ct: Ct)).Body;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Answered), raw), raw.ToJsonString());
    }

    [Fact]
    public async Task Names_of_a_connections_properties_are_the_connectors_own()
    {
        await using var server = new StubServer(Answer(200, """{"id":"c","Properties":{"Data Source":"x","Name":"y"},"Connector Version":"25.0","logfile_verbosity":"Error"}"""));
        using var client = server.Client();
        var connection = await client.Connections.GetAsync(new() { ConnectionId = "c" }, Ct);
        Assert.Equal(["Data Source", "Name"], connection.Properties!.Keys.Order());
        Assert.Equal(("25.0", "Error"), (connection.ConnectorVersion, connection.Settings!.LogfileVerbosity));
    }
}
