namespace Graft.Models.Tests.Hub;

/// <summary>Tokens, and what is refused without them.</summary>
public sealed class AccessTests : IDisposable
{
    readonly HubFixture fixture = new(token: "hf_secret");

    public void Dispose() => fixture.Dispose();

    [Fact]
    public void The_token_goes_to_the_Hub_and_to_nobody_else()
    {
        fixture.Settings = fixture.Settings with { Token = "hf_secret" };
        fixture.Fetch();
        Assert.All(fixture.Hub.Requests, request => Assert.Equal("Bearer hf_secret", request["Authorization"]));
        Assert.NotEmpty(fixture.Hub.Store.Requests);
        Assert.All(fixture.Hub.Store.Requests, request => Assert.Null(request["Authorization"]));
        Assert.All(fixture.Hub.Requests, request => Assert.StartsWith("graft/", request["User-Agent"]));
    }

    [Fact]
    public void Without_a_token_it_says_what_to_do()
    {
        string message = fixture.Refused();
        Assert.Contains("org/tiny: ", message);
        Assert.Contains("has no such repository for you to see (401)", message);
        Assert.Contains($"set HF_TOKEN and accept its licence at {fixture.Hub.Address}/org/tiny", message);
        Assert.Single(fixture.Hub.Lines); // asking again does not help
    }

    [Fact]
    public void A_gated_repository_asks_for_its_licence()
    {
        fixture.Hub.When(_ => true, _ => WebAnswer.Error(403, "Forbidden", "GatedRepo", "Access is restricted"));
        Assert.Contains("is gated: accept its licence at", fixture.Refused());
        Assert.Contains("then set HF_TOKEN", fixture.Refused());
        fixture.Settings = fixture.Settings with { Token = "other" };
        Assert.Contains("with the account of your token", fixture.Refused());
    }

    [Fact]
    public void A_wrong_token_is_named_as_such()
    {
        fixture.Hub.When(_ => true,
            _ => WebAnswer.Error(401, "Unauthorized", null, "Invalid credentials in Authorization header"));
        fixture.Settings = fixture.Settings with { Token = "old" };
        Assert.Contains("does not know your token (HF_TOKEN): Invalid credentials", fixture.Refused());
    }

    [Fact]
    public void A_gate_before_the_weights_alone_is_named_too()
    {
        using var open = new HubFixture();
        open.Hub.When(request => request.Method == "HEAD" && request.Path.EndsWith(".safetensors"),
            _ => WebAnswer.Error(401, "Unauthorized", "GatedRepo", "Access is restricted"));
        Assert.Contains("is gated", open.Refused());
    }

    [Fact]
    public void Unknown_repositories_and_revisions_are_told_apart()
    {
        using var open = new HubFixture();
        Assert.Contains("org/other: ", open.Refused("org/other"));
        Assert.Contains("(404)", open.Refused("org/other"));
        Assert.Contains("Did you mean timm/resnet18.a1_in1k", open.Refused("timm/resnet18.a1_in2k"));
        Assert.Contains("Did you mean timm/resnet18.a1_in1k, timm/resnet18.a2_in1k", open.Refused("timm/resnet18"));
        Assert.Contains("Did you mean facebook/convnext-tiny-224", open.Refused("facebook/convnext-tny-224"));
        string message = open.Refused("org/tiny@v9");
        Assert.Contains("org/tiny: has no revision 'v9'", message);
        Assert.Contains("/org/tiny/tree/main", message);
    }

    [Fact]
    public void A_private_repository_that_was_fetched_before_stays_usable()
    {
        fixture.Settings = fixture.Settings with { Token = "hf_secret" };
        FetchedModel first = fixture.Fetch();
        fixture.Settings = fixture.Settings with { Token = null };
        Assert.Equal(first.Files, fixture.Fetch().Files);
        Assert.Contains("taking org/tiny from the cache", fixture.Notes);
    }
}
