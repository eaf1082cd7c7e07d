using SyncMcp.Client;

namespace SyncMcp.Tests.Transports;

public sealed class PrincipalTests
{
    [Fact]
    public void A_principal_comes_back_from_the_claims_of_its_request() =>
        Assert.Equal(new Principal("key:ci", Scope.Operate), Principal.Of(new Principal("key:ci", Scope.Operate).ToClaims("key")));

    [Fact]
    public void A_request_that_nobody_let_in_is_nobody_rather_than_the_one_on_stdio()
    {
        Assert.Throws<InvalidOperationException>(() => Principal.Of(null));
        Assert.Throws<InvalidOperationException>(() => Principal.Of(new(new System.Security.Claims.ClaimsIdentity())));
    }

    [Theory]
    [InlineData("Read", "R")]
    [InlineData("Operate", "R W W+ D")]
    [InlineData("Admin", "R W W+ D X")]
    public void A_scope_opens_its_tiers_and_no_others(string scope, string tiers)
    {
        var principal = new Principal("key:x", Enum.Parse<Scope>(scope));
        var open = Catalogue.All.Where(endpoint => principal.Refuses(endpoint) is null).Select(endpoint => endpoint.Tier).Distinct().Order().Select(tier => tier.Letter());

        Assert.Equal(tiers.Split(' '), open);
    }

    [Fact]
    public void A_refusal_names_the_scope_that_is_needed_and_the_one_that_is_there() =>
        Assert.Equal("delete_job takes the scope sync:admin; 'key:ci' has sync:read.", new Principal("key:ci", Scope.Read).Refuses(Catalogue.Find("delete_job")!));
}
