using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Month;

/// <summary>Questions that run or change something, and what led to it.</summary>
internal static class Changing
{
    public static readonly IReadOnlyList<Question> All =
    [
        new("Run the orders job and tell me when it is done",
            async (_, talk) =>
            {
                var run = await talk.CallAsync("run", new { job_id = "netsuite-orders", wait_seconds = 45 });
                Assert.Contains("Successful", run.Structured.ToJsonString(), StringComparison.Ordinal);
            },
            async (month, talk) =>
            {
                await Question.AllJobsAsync(talk);
                var job = month.Job("netsuite-items");
                await talk.CallAsync("execute_job", new { job_id = job });
                await month.Session.RunEndedAsync(job);
                await talk.CallAsync("get_job_status", new { job_id = job });
                await talk.CallAsync("list_job_history", new { job_id = job, limit = 10 });
            }),

        new("Fix the credential and run again all that failed because of it",
            async (_, talk) =>
            {
                Assert.True((bool)(await talk.CallAsync("test_connection", new { connection_id = "salesforce" })).Result["success"]!);
                var again = await talk.CallAsync("rerun_failed", new { cause = "credentials_refused", since = "24h" });
                Assert.Equal(4, again.Result["started"]!.AsArray().Count);
                var ended = await talk.CallAsync("follow_run", new { run_ids = again.Result["started"]!.AsArray().Select(one => (string)one!["run_id"]!).ToArray() });
                Assert.DoesNotContain("Failed", ended.Structured.ToJsonString(), StringComparison.Ordinal);
                Assert.InRange(talk.Asked, 0, 1);
            },
            async (_, talk) => await Question.ForEachJobAsync(talk, job => talk.CallAsync("list_job_history", new { job_id = job, limit = 2 }))),

        new("Is the orders table fresh?",
            async (_, talk) => Assert.NotNull((await talk.CallAsync("check_freshness", new { table = "netsuite_orders" })).Result["tasks"]![0]!["last_success"]),
            async (_, talk) => await Question.ForEachJobAsync(talk, job => talk.CallAsync("list_job_tasks", new { job_id = job }))),

        new("Why is this job slower than last week?",
            async (_, talk) => Assert.Contains("3600", (await talk.CallAsync("compare_runs", new { job_id = "shop-returns" })).Structured.ToJsonString().Replace("1 h", "3600", StringComparison.Ordinal), StringComparison.Ordinal),
            async (month, talk) =>
            {
                await Question.AllJobsAsync(talk);
                foreach (var run in (await talk.CallAsync("list_job_history", new { job_id = month.Job("shop-returns"), limit = 15 })).Items)
                    await talk.CallAsync("get_job_run", new { job_id = month.Job("shop-returns"), history_id = (string)run["id"]! });
            }),

        new("Move all jobs from the old warehouse connection to the new one",
            async (_, talk) =>
            {
                var plan = await talk.CallAsync("plan_change", new { replace_connection = new { from = "operations-warehouse", to = "new-operations-warehouse" } });
                await talk.CallAsync("apply_plan", new { plan_id = (string)plan.Result["plan_id"]! });
                Assert.Equal(1, talk.Asked);
                Assert.DoesNotContain("stock-levels", (await talk.CallAsync("get_dependents", new { connection_id = "operations-warehouse" })).Structured.ToJsonString(), StringComparison.Ordinal);
            },
            async (month, talk) =>
            {
                foreach (var job in (await Question.AllJobsAsync(talk)).SelectMany(list => list.Items))
                {
                    if (Plants.Where((string)job["name"]!) == "Operations")
                        await talk.CallAsync("get_job", new { job_id = (string)job["id"]! });
                }

                talk.WouldCall(month.Jobs.Count(name => Plants.Where(name) == "Operations")); // update_job for each
            }),

        new("Add Invoice and InvoiceLine to the Netsuite job, incremental",
            async (_, talk) =>
            {
                await talk.CallAsync("search_tables", new { connection_id = "netsuite", words = "invoice" });
                var added = await talk.CallAsync("add_job_tasks", new { job_id = "netsuite-items", tables = new[] { new { table = "Invoice" }, new { table = "InvoiceLine" } } });
                Assert.Equal(2, added.Result["added"]!.AsArray().Count);
                Assert.Contains("modified_at", added.Structured.ToJsonString(), StringComparison.Ordinal);
            },
            async (month, talk) =>
            {
                await Question.AllJobsAsync(talk);
                var netsuite = await month.ConnectionAsync("Finance", "netsuite");
                await talk.CallAsync("list_connection_tables", new { connection_id = netsuite });
                await talk.CallAsync("list_table_columns", new { connection_id = netsuite, table_name = "Invoice" });
                await talk.CallAsync("list_table_columns", new { connection_id = netsuite, table_name = "InvoiceLine" });
                talk.WouldCall(2); // add_job_task
            }),

        new("Make a job like this one for the EU account",
            async (_, talk) =>
            {
                var clone = await talk.CallAsync("clone_job", new { job_id = "netsuite-items", name = "netsuite-items-eu", table_name_prefix = "eu_" });
                Assert.Contains("eu_", clone.Result["difference"]!.ToJsonString(), StringComparison.Ordinal);
            },
            async (month, talk) =>
            {
                await Question.AllJobsAsync(talk);
                await talk.CallAsync("get_job", new { job_id = month.Job("netsuite-items") });
                var tasks = await talk.CallAsync("list_job_tasks", new { job_id = month.Job("netsuite-items") });
                talk.WouldCall(1 + tasks.Items.Count); // create_job, add_job_task
            }),

        new("What changed since it last worked?",
            async (_, talk) =>
            {
                var why = await talk.CallAsync("diagnose_run", new { job_id = "crm-deals" });
                Assert.Contains("amount", why.Result["since_success"]!.ToJsonString(), StringComparison.Ordinal);
            },
            async (month, talk) =>
            {
                await month.LoseColumnAsync();
                await Question.AllJobsAsync(talk);
                var job = month.Job("crm-deals");
                await talk.CallAsync("get_job", new { job_id = job });
                await talk.CallAsync("list_job_tasks", new { job_id = job });
                var runs = await talk.CallAsync("list_job_history", new { job_id = job, limit = 10 });
                await talk.CallAsync("get_job_run", new { job_id = job, history_id = (string)runs.Items[0]["id"]! });
                await talk.CallAsync("list_table_columns", new { connection_id = await month.ConnectionAsync("Sales", "crm"), table_name = "crm_deals" });
            }),

        new("The source got a new column, do we have it?",
            async (_, talk) => Assert.Contains("iban", (await talk.CallAsync("compare_schema", new { job_id = "netsuite-orders" })).Structured.ToJsonString(), StringComparison.Ordinal),
            async (month, talk) =>
            {
                Sql.Run(month.Session.File("netsuite.db"), "ALTER TABLE netsuite_orders ADD COLUMN iban TEXT");
                await Question.AllJobsAsync(talk);
                await talk.CallAsync("list_job_tasks", new { job_id = month.Job("netsuite-orders") });
                await talk.CallAsync("list_table_columns", new { connection_id = await month.ConnectionAsync("Finance", "netsuite"), table_name = "netsuite_orders" });
                await talk.CallAsync("list_table_columns", new { connection_id = await month.ConnectionAsync("Finance", "finance-warehouse"), table_name = "netsuite_orders" });
            }),

        new("Stop everything that writes to the warehouse, maintenance at six",
            async (_, talk) =>
            {
                await talk.CallAsync("find_runs", new { state = "running", connection_id = "sales-warehouse" });
                var batch = (string)(await talk.CallAsync("pause_schedules", new { destination_id = "sales-warehouse" })).Result["batch"]!;
                await talk.CallAsync("resume_schedules", new { batch });
            },
            async (month, talk) =>
            {
                await Question.ForEachJobAsync(talk, job => talk.CallAsync("get_job_status", new { job_id = job }));
                talk.WouldCall(2 * month.Jobs.Count(name => Plants.Where(name) == "Sales")); // update_job, off and on again
            }),
    ];
}
