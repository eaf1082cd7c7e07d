using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Attacks;

/// <summary>One question for many changes is made to hide one among them.</summary>
public sealed class PlanAttackTests
{
    [Fact]
    public async Task One_redirect_among_two_hundred_changes_of_a_plan_stands_before_all_others_and_is_not_done_without_its_phrase()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        await SmallShop.OpenAsync(session);
        (await session.CallAsync("create_connection", PostgreSql.New("mirror", "pw"))).Ok();
        var changes = new JsonArray();
        for (var i = 0; i < 200; i++)
        {
            (await session.CallAsync("create_job", new JsonObject
            {
                ["name"] = $"job-{i}",
                ["source_connection"] = "shop",
                ["destination_connection"] = "warehouse",
                ["schedule"] = new JsonObject { ["enabled"] = true, ["cron"] = "0 0 2 * * *" },
            })).Ok();
            var arguments = new JsonObject { ["job_id"] = $"job-{i}", ["settings"] = new JsonObject { ["batch_size"] = 500 } };
            if (i == 137)
                arguments["destination_connection"] = "mirror";
            changes.Add(new JsonObject { ["operation"] = "update_job", ["arguments"] = arguments });
        }

        var plan = (await session.CallAsync("plan_change", new JsonObject { ["changes"] = changes })).Ok();
        var refused = await session.CallAsync("apply_plan", new { plan_id = (string)plan.Result["plan_id"]! });

        // In the chat or, too long for it, at the terminal: never cut, and what leads elsewhere comes first.
        var question = refused.Code == "declined" ? session.Person.Questions[^1].Message : (string)refused.Refused("confirmation_unavailable").Structured["details"]!["question"]!;
        Assert.InRange(question.IndexOf("db.example.com", StringComparison.Ordinal), 1, 1_200);
        Assert.Contains("FIRST AND APART", question, StringComparison.Ordinal);
        Assert.Contains("The destination is a place that no approved definition uses.", question, StringComparison.Ordinal);
        foreach (var name in (string[])["job-0", "job-137", "job-199"])
        {
            var job = (await session.CallAsync("get_job", new { job_id = name })).Ok().Result;
            Assert.Equal(("warehouse", null), ((string?)job["destination_connection"]!["name"], (int?)job["settings"]?["batch_size"]));
        }
    }
}
