using System.Text.RegularExpressions;
using SyncMcp.Client;

namespace SyncMcp.Tests.Tools;

/// <summary>A model chooses a tool by its description: it says what comes back, and which tool is the right one where two lie near.</summary>
public sealed partial class DescriptionTests
{
    public static TheoryData<string> Tools => [.. Catalogue.All.Select(endpoint => endpoint.Name)];

    // Whoever has chosen the first often wanted the second.
    public static TheoryData<string, string> Near => new()
    {
        { "list_connections", "get_connection" }, { "list_connection_logs", "download_connection_log" }, { "create_connection", "test_connection" },
        { "list_jobs", "get_job" }, { "get_job", "list_job_tasks" }, { "create_job", "add_job_task" }, { "update_job", "update_job_task" },
        { "update_job_task", "move_job_task" }, { "delete_job_task", "update_job_task" }, { "add_job_task", "list_connection_tables" },
        { "execute_job", "get_job_status" }, { "get_job_status", "get_job_run" }, { "list_job_history", "get_job_run" }, { "get_job_run", "get_run_log" },
        { "list_job_task_history", "list_job_history" }, { "list_last_task_runs", "list_job_task_history" },
        { "list_transformations", "get_transformation" }, { "get_transformation", "list_transformation_tasks" }, { "create_transformation", "add_transformation_task" },
        { "update_transformation", "update_transformation_task" }, { "update_transformation_task", "move_transformation_task" }, { "delete_transformation_task", "update_transformation_task" },
        { "execute_transformation", "get_transformation_status" }, { "get_transformation_status", "get_transformation_run" }, { "list_transformation_history", "get_transformation_run" },
        { "list_transformation_tasks", "get_transformation_task" }, { "list_transformation_task_history", "list_transformation_history" },
        { "list_last_transformation_task_runs", "list_transformation_task_history" },
        { "list_pipelines", "get_pipeline" }, { "get_pipeline", "list_events" }, { "create_pipeline", "create_pipeline_step" }, { "update_pipeline", "update_pipeline_step" },
        { "update_pipeline_step", "move_pipeline_step" }, { "delete_pipeline_step", "update_pipeline_step" }, { "create_pipeline_step", "create_event" },
        { "execute_pipeline", "get_pipeline_status" }, { "get_pipeline_status", "get_pipeline_run" }, { "list_pipeline_history", "get_pipeline_run" }, { "get_pipeline_run", "get_pipeline_run_log" },
        { "list_events", "get_event" }, { "create_event", "create_pipeline_step" }, { "delete_event", "update_pipeline_step" },
        { "get_user", "list_users" }, { "create_user", "generate_user_token" }, { "get_workspace", "list_jobs" },
    };

    [Theory]
    [MemberData(nameof(Tools))]
    public void A_description_says_what_comes_back(string tool)
    {
        var endpoint = Catalogue.Find(tool)!;

        if (endpoint.Kind != Kind.Delete) // what is gone answers nothing
            Assert.Matches(Answers(), endpoint.Description);
        Assert.Matches(Sentence(), endpoint.Description);
    }

    [Theory]
    [MemberData(nameof(Near))]
    public void A_description_names_the_sibling_that_may_be_meant(string tool, string sibling) =>
        Assert.Contains(sibling, Catalogue.Find(tool)!.Description, StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Tools))]
    public void A_description_names_only_tools_that_exist(string tool)
    {
        var members = Catalogue.All.SelectMany(endpoint => endpoint.RequestInfo.Properties.Concat(endpoint.ResponseInfo.Properties).Select(property => property.Name)).ToHashSet(StringComparer.Ordinal);
        foreach (Match word in Words().Matches(Catalogue.Find(tool)!.Description))
            Assert.True(Catalogue.Find(word.Value) is not null || members.Contains(word.Value) || word.Value is "data_type" or "is_primary_key" or "is_default" or "is_active", $"{tool} names {word.Value}");
    }

    [GeneratedRegex(@"\b[Rr]eturns?\b|: | with |\breport|\bas text\b", RegexOptions.None, 1000)]
    private static partial Regex Answers();

    [GeneratedRegex(@"^[A-Z].*\.$", RegexOptions.None, 1000)]
    private static partial Regex Sentence();

    [GeneratedRegex("[a-z]+(?:_[a-z]+)+", RegexOptions.None, 1000)]
    private static partial Regex Words();
}
