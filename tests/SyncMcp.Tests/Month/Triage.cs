namespace SyncMcp.Tests.Month;

/// <summary>Questions of the morning: what is wrong, why, and since when.</summary>
internal static class Triage
{
    public static readonly IReadOnlyList<Question> All =
    [
        new("Why did last night's Salesforce job fail, and which other failures have the same cause?",
            async (month, talk) =>
            {
                var why = await talk.CallAsync("diagnose_run", new { job_id = "salesforce-accounts" });
                Assert.Equal("credentials_refused", (string?)why.Result["causes"]![0]!["cause"]);
                var others = await talk.CallAsync("find_runs", new { same_cause_as = (string)why.Result["run"]!["id"]!, since = "24h" });
                Assert.Equal(["salesforce-accounts", "salesforce-contacts", "salesforce-opportunities", "salesforce-quotes"], others.Items.Select(run => (string)run["name"]!).Order());
            },
            async (_, talk) => await Question.ForEachJobAsync(talk, job => talk.CallAsync("list_job_history", new { job_id = job, limit = 2 }))),

        new("Is everything fine this morning?",
            async (_, talk) =>
            {
                var overview = (await talk.CallAsync("get_overview", new { since = "24h" })).Result;
                Assert.Equal(4, (int)overview["causes"]!.AsArray().Single(cause => (string?)cause!["cause"] == "credentials_refused")!["failing_now"]!);
                Assert.Contains("shop-returns", overview["unusual"]!.ToJsonString(), StringComparison.Ordinal);
                Assert.Contains("ledger-periods", overview["unusual"]!.ToJsonString(), StringComparison.Ordinal);
                Assert.Equal("crm-calls", (string?)Assert.Single(overview["paused"]!.AsArray())!["name"]);
                Assert.Equal("old-archive", (string?)Assert.Single(overview["connections_failing"]!.AsArray())!["name"]);
                Assert.InRange(talk.Tokens, 1, 2_000);
            },
            async (_, talk) =>
            {
                foreach (var workspace in (await talk.CallAsync("list_workspaces")).Items)
                    await talk.CallAsync("list_connections", new { workspace_id = (string)workspace["id"]! });
                await Question.ForEachJobAsync(talk, job => talk.CallAsync("list_job_history", new { job_id = job, limit = 10 }));
            }),

        new("What breaks if I delete or change the warehouse connection of Sales?",
            async (_, talk) => Assert.Contains("salesforce-accounts", (await talk.CallAsync("get_dependents", new { connection_id = "sales-warehouse" })).Structured.ToJsonString(), StringComparison.Ordinal),
            async (_, talk) => await Question.ForEachJobAsync(talk, job => talk.CallAsync("get_job", new { job_id = job }))),

        new("Who has access, and whose tokens are old?",
            async (_, talk) => Assert.NotEmpty((await talk.CallAsync("list_users", new { fields = new[] { "user", "roles", "is_active", "token_expires_at", "created_at" } })).Items),
            async (_, talk) =>
            {
                foreach (var user in (await talk.CallAsync("list_users")).Items)
                    await talk.CallAsync("get_user", new { user_id = (string)user["id"]! });
            }),

        new("A report of the week for my boss",
            async (_, talk) =>
            {
                var report = (await talk.CallAsync("get_overview", new { since = "7d", group_by = "job" })).Result;
                Assert.InRange((double)report["total"]!["success_rate"]!, 0.8, 0.99);
                Assert.InRange(report["by_day"]!.AsArray().Count, 7, 8);
                Assert.NotEmpty(report["worst"]!.AsArray());
            },
            async (_, talk) => await Question.ForEachJobAsync(talk, job => talk.CallAsync("list_job_history", new { job_id = job, limit = 10 }))),
    ];
}
