using System.Globalization;
using SyncMcp.Client;

namespace SyncMcp.Tests.Guard.Table;

/// <summary>
/// The table of the guard: each operation that changes something, with each kind of client, in each mode, with each answer, in each state of what it meets, gives
/// the code and the number of effects that guards.md says. Here every 15th cell; <c>.ci/proof table</c> plays all.
/// </summary>
public sealed class TableTests
{
    private static readonly int Stride = int.Parse(Environment.GetEnvironmentVariable("SYNCMCP_TABLE_STRIDE") ?? "13", CultureInfo.InvariantCulture);

    public static TheoryData<string, string> Clients() =>
        [.. from asks in Enum.GetValues<Asks>() from mode in Enum.GetValues<Mode>() select new TheoryDataRow<string, string>(asks.ToString(), mode.ToString())];

    [Fact]
    public void Every_operation_that_changes_something_has_a_rule() =>
        Assert.Equal(Catalogue.All.Where(endpoint => endpoint.Tier != Tier.Reads).Select(endpoint => endpoint.Name).Order(), Rule.All.Select(rule => rule.Tool).Order());

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Each_cell_gives_its_code_and_its_effects(string asks, string mode)
    {
        await using var cells = await Cells.StartAsync(Enum.Parse<Asks>(asks), Enum.Parse<Mode>(mode));
        var (at, played) = ((int)cells.Asks + (int)cells.Mode, 0); // another choice for each client and mode
        foreach (var rule in Rule.All)
        {
            foreach (var state in Enum.GetValues<State>())
            {
                foreach (var reply in Enum.GetValues<Reply>())
                {
                    if (at++ % Stride != 0)
                        continue;
                    await cells.PlayAsync(rule, state, reply);
                    played++;
                }
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{played} of {Rule.All.Count * 30} cells with {asks}, {mode}");
    }
}
