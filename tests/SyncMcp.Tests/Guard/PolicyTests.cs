using SyncMcp.Client.Jobs;
using SyncMcp.Guard;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Guard;

/// <summary>The operator's policy.json bounds everything; what the program was started with can only tighten it.</summary>
public sealed class PolicyTests : IDisposable
{
    private readonly TempFolder folder = new();

    public PolicyTests() => Directory.CreateDirectory(folder["operator"]);

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("""{"mode":"read-only"}""", "Unattended", "ReadOnly")]
    [InlineData("""{"mode":"guarded"}""", "Unattended", "Guarded")]
    [InlineData("""{"mode":"unattended"}""", "Guarded", "Guarded")]
    [InlineData("""{"mode":"unattended"}""", "Unattended", "Unattended")]
    [InlineData("{}", "Guarded", "Guarded")]
    public void The_tighter_of_the_two_modes_holds(string json, string started, string holds)
    {
        File.WriteAllText(folder["operator/policy.json"], json);
        Assert.Equal(Enum.Parse<Mode>(holds), Of(Enum.Parse<Mode>(started)).Mode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"mode":"free"}""")]
    [InlineData("""{"mode":1}""")]
    [InlineData("""{"denny":["execute_job"]}""")]
    [InlineData("""{"deny":[null]}""")]
    [InlineData("""{"deny":["delete_jobs"]}""")] // misspelled: it must not stay allowed
    [InlineData("""{"allow":["execute_job","run_job"]}""")]
    public void A_policy_that_cannot_be_read_allows_reads_alone(string json)
    {
        File.WriteAllText(folder["operator/policy.json"], json);
        var policy = Of(Mode.Unattended);

        Assert.NotNull(policy.Refuses(JobEndpoints.Execute));
        Assert.Null(policy.Refuses(JobEndpoints.Get));
    }

    [Fact]
    public async Task Read_only_lists_and_calls_reads_alone()
    {
        await using var session = await SyncSession.StartAsync(options => options with { Mode = Mode.ReadOnly });
        var tools = (await session.Client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken)).Select(tool => tool.Name).ToList();

        Assert.Contains("list_jobs", tools);
        Assert.DoesNotContain("create_workspace", tools);
        (await session.CallAsync("list_workspaces")).Ok();
        (await session.CallAsync("create_workspace", new { name = "new" })).Refused("policy_denied").Naming("read-only");
        Assert.Single((await session.CallAsync("list_workspaces")).Items);
    }

    [Fact]
    public async Task Denied_tools_are_neither_listed_nor_called_and_their_resources_are_not_read()
    {
        await using var session = await SyncSession.StartAsync(With("""{"deny":["List_Job_History","CREATE_JOB"]}"""));
        var tools = (await session.Client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken)).Select(tool => tool.Name).ToList();

        Assert.DoesNotContain("create_job", tools);
        (await session.CallAsync("list_job_history", new { job_id = Guid.NewGuid() })).Refused("policy_denied");
        var refusal = await Assert.ThrowsAsync<ModelContextProtocol.McpProtocolException>(() => session.ReadAsync($"sync://jobs/{Guid.NewGuid()}/history"));
        Assert.Contains("policy_denied", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_protected_is_not_deleted_and_its_name_is_not_slipped_off()
    {
        await using var session = await SyncSession.StartAsync(With("""{"protected":["prod*"]}"""));
        (await session.CallAsync("create_workspace", new { name = "Production" })).Ok();
        session.Person.Confirms();

        (await session.CallAsync("delete_workspace", new { workspace_id = "Production" })).Refused("policy_denied").Naming("protected");
        Assert.Empty(session.Person.Questions);
        (await session.CallAsync("update_workspace", new { workspace_id = "Production", name = "old" })).Ok();
        var question = Assert.Single(session.Person.Questions);
        Assert.Contains("phrase", question.RequestedSchema!.Properties.Keys);
    }

    [Fact]
    public async Task Unattended_lets_parts_go_and_nothing_new_run()
    {
        await using var session = await SyncSession.StartAsync(options => With("""{"mode":"unattended"}""")(options) with { Mode = Mode.Unattended }, canAsk: false);
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("customers", "orders");

        (await session.CallAsync("execute_job", new { job_id = job })).Refused("confirmation_unavailable"); // also what would be plain
        (await session.CallAsync("delete_job_task", new { job_id = job, task_id = "orders" })).Ok();
        (await session.CallAsync("delete_job", new { job_id = job })).Refused("confirmation_unavailable");
    }

    private Policy Of(Mode mode) => Policy.Of(new() { DataDirectory = folder["data"], OperatorFolder = folder["operator"], Mode = mode });

    private static Func<ServerOptions, ServerOptions> With(string json) => options =>
    {
        Directory.CreateDirectory(options.OperatorFolder);
        File.WriteAllText(Path.Combine(options.OperatorFolder, "policy.json"), json);
        return options;
    };
}
