using System.Text.Json;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Json;
using SyncMcp.Engine.Jobs;

namespace SyncMcp.Engine.Tests.Jobs;

public sealed class SupportTests
{
    [Theory]
    [InlineData("""{"type":"ChangeDataCapture"}""", "type ChangeDataCapture")]
    [InlineData("""{"type":"ReverseETL"}""", "type ReverseETL")]
    [InlineData("""{"alerts":{"send_email":true}}""", "alerts.send_email")]
    [InlineData("""{"events":{"pre_job":"x"}}""", "events.pre_job")]
    [InlineData("""{"events":{"post_job":"x"}}""", "events.post_job")]
    [InlineData("""{"settings":{"notify_windows_event":true}}""", "settings.notify_windows_event")]
    [InlineData("""{"settings":{"other_options":"Overlap=1;x=2"}}""", "settings.other_options")]
    public void What_cannot_be_had_is_said(string job, string says)
        => Assert.StartsWith(says, Assert.Single(Missing(job)), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"type":"Standard","alerts":{"send_email":false,"email_to":"a@b"},"events":{"pre_job":""}}""")]
    [InlineData("""{"settings":{"enable_parallel_processing":true,"worker_pool":4,"verbosity":"Verbose","use_gmt_datetime":true,"table_name_prefix":"x","truncate_table_data":true,"drop_table":true}}""")]
    [InlineData("""{"settings":{"continue_on_error":true,"batch_size":5,"auto_truncate_strings":true,"skip_deleted":false,"replicate_start_date":"2026-01-31","replicate_interval":30,"command_timeout":9,"other_options":" overlap = 5 ;"}}""")]
    public void What_can_be_had_is_not_complained_of(string job) => Assert.Empty(Missing(job));

    [Fact]
    public void The_documentation_says_the_same()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "SyncMcp.sln")))
            root = root.Parent;
        var docs = File.ReadAllLines(Path.Combine(root.FullName, "docs", "engine.md"));
        var members = typeof(JobSettings).GetProperties().Where(property => property.Name != nameof(JobSettings.Extra))
            .Select(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
        Assert.All(members, member => Assert.Single(docs, line => line.StartsWith('|') && Words(line.Split('|')[1]).Contains(member)));
    }

    private static IReadOnlyList<string> Missing(string job) =>
        Support.Missing(JsonSerializer.Deserialize("{\"id\":\"x\"," + job[1..], SyncJson.Info<Job>())!);

    private static string[] Words(string cell) => cell.Split([' ', '`', ',', '.', '=', '>'], StringSplitOptions.RemoveEmptyEntries);
}
