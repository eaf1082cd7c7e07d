using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Guard;

/// <summary>What the engine will refuse is refused before a person is asked: nobody types a phrase for nothing.</summary>
public sealed class RefusedFirstTests : IAsyncLifetime
{
    private SyncSession session = null!;
    private SmallShop shop = null!;

    public async ValueTask InitializeAsync()
    {
        session = await SyncSession.StartAsync();
        session.Person.Confirms();
        shop = await SmallShop.OpenAsync(session);
    }

    public ValueTask DisposeAsync() => session.DisposeAsync();

    private async Task RefusedUnaskedAsync(string code, string tool, object arguments)
    {
        (await session.CallAsync(tool, arguments)).Refused(code);
        Assert.Empty(session.Person.Questions);
    }

    [Theory]
    [InlineData("create_user", """{"user":"ann","password":"short"}""")]
    [InlineData("create_user", """{"user":"ann","password":"Long-enough-0","roles":["nobody"]}""")]
    [InlineData("create_user", """{"user":"Admin","password":"Long-enough-0"}""")]
    public Task Bad_users(string tool, string arguments) => RefusedUnaskedAsync("invalid_request", tool, JsonNode.Parse(arguments)!.AsObject());

    [Fact]
    public async Task A_dbt_transformation()
    {
        (await session.CallAsync("create_transformation", new { name = "models", type = "DBT", destination_connection = "warehouse" })).Ok();
        await RefusedUnaskedAsync("not_on_this_server", "execute_transformation", new { transformation_id = "models" });
    }

    [Theory]
    [InlineData("ChangeDataCapture")]
    [InlineData("ReverseETL")]
    public async Task A_job_of_a_type_that_does_not_run_here(string type)
    {
        var job = await shop.JobAsync(new JsonObject { ["name"] = "other", ["type"] = type }, "orders");
        (await session.CallAsync("execute_job", new { job_id = job })).Refused("invalid_request");
        (await session.CallAsync("update_job", new { job_id = job, schedule = new { enabled = true, cron = "0 0 2 * * *" } })).Refused("invalid_request");
        Assert.Empty(session.Person.Questions);
    }

    [Fact]
    public async Task A_schedule_that_is_none()
    {
        var job = await shop.JobAsync(new JsonObject { ["name"] = "drops", ["settings"] = new JsonObject { ["drop_table"] = true } }, "orders");
        await RefusedUnaskedAsync("invalid_request", "update_job", new { job_id = job, schedule = new { enabled = true, cron = "every day" } });
    }

    [Fact]
    public async Task Deleting_what_runs()
    {
        var job = await shop.JobAsync("orders");
        using var held = await shop.StartHeldAsync(job);
        var answer = (await session.CallAsync("delete_job", new { job_id = job }));
        Assert.True(answer.IsError, answer.Text);
        Assert.Empty(session.Person.Questions);
    }

    [Fact]
    public async Task What_it_does_not_refuse_is_asked_about_as_before_and_a_no_leaves_no_trace()
    {
        var job = await shop.JobAsync(new JsonObject { ["name"] = "drops", ["settings"] = new JsonObject { ["drop_table"] = true } }, "orders");
        session.Person.Declines();

        (await session.CallAsync("execute_job", new { job_id = job })).Refused("not_shown");
        (await session.CallAsync("delete_job", new { job_id = job })).Refused("not_shown");
        (await session.CallAsync("create_user", new { user = "ann", password = "Long-enough-0" })).Refused("not_shown");

        Assert.Equal(3, session.Person.Questions.Count);
        Assert.Empty((await session.CallAsync("list_job_history", new { job_id = job })).Items);
        Assert.Empty((await session.CallAsync("list_users")).Items);
    }
}
