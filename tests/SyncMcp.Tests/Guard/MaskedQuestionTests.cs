
namespace SyncMcp.Tests.Guard;

/// <summary>What stands behind a mask was seen by nobody, and so is approved by nobody in the chat.</summary>
public sealed class MaskedQuestionTests
{
    [Fact]
    public async Task A_script_of_which_a_part_is_masked_goes_to_the_terminal_where_it_is_shown_whole()
    {
        await using var server = await LineServer.StartAsync();
        await using var session = await server.SessionAsync(options => options);
        session.Person.Confirms();
        (await session.CallAsync("update_event", new { pipeline_id = LineServer.Line, event_id = LineServer.Report, script = "var token=fetch(evil+1)" })).Ok();

        var refused = (await session.CallAsync("execute_pipeline", new { pipeline_id = LineServer.Line })).Refused("confirmation_unavailable");

        Assert.Empty(session.Person.Questions);
        Assert.DoesNotContain("evil+1", refused.Text, StringComparison.Ordinal);
        var codes = new SyncMcp.Guard.Codes(new(new(session.Options.OperatorFolder), TimeProvider.System));
        Assert.Contains("evil+1", codes.Find((string)refused.Structured["details"]!["approval_code"]!)!.Question, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_cannot_hide_a_host_by_calling_it_a_password_before()
    {
        await using var server = await LineServer.StartAsync();
        await using var session = await server.SessionAsync(options => options);
        session.Person.Confirms();
        (await session.CallAsync("create_user", new { user = "x", password = "db.example" })).Refused("not_found");
        await session.CallAsync("execute_job", new { job_id = LineServer.Job });

        Assert.DoesNotContain(session.Person.Questions, question => question.Message.Contains("********", StringComparison.Ordinal));
    }
}
